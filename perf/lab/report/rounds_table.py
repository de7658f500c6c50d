"""Presents the rounds of a comparison, as a table for the terminal and as JSON for the file."""

from __future__ import annotations

from lab.harness.statistics import Spread
from lab.measuring.comparison import Comparison
from lab.report import figures
from lab.report.columns import aligned, column_widths, median_cell, range_cell, spread_text

HEAD = [
    "", "requests/s", "min – max", "canvas ×", "min – max", "p99 ms",
    "service", "redis", "postgres", "load", "Redis calls", "RSS MB",
]  # fmt: skip
PARTS = ("service", "redis", "postgres", "load")
FIRST_PART = HEAD.index("service")
CPU_HEADING = "µs of CPU per request"


def as_text(comparison: Comparison, *, judged: bool) -> str:
    """The table, followed by what went wrong; judged: also by verdicts and disturbances."""
    lines = [f"{comparison.name}  {comparison.title}"]
    starts = Spread.of_known(comparison.starts_s)
    if starts is not None:
        lines.append(
            f"  ready after {starts.median:.2f} s ({range_cell(starts, 2)}), {len(comparison.starts_s)} starts"
        )
    group = figures.spread(comparison, comparison.subject, lambda one: one.products_per_commit)
    if group is not None:
        lines.append(f"  products per commit: {spread_text(group, 1)}")
    if comparison.rounds:
        head = [cell.replace("canvas", comparison.subject) for cell in HEAD]
        lines += table([head, *(row(comparison, side) for side in comparison.sides())])
    for verdict in figures.verdicts(comparison) if judged else ():
        mark = "hit   " if verdict.is_hit else "missed"
        lines.append(f"  {mark} {verdict.text}: {spread_text(verdict.ratio, 2)}")
    lines += [f"  INVALID {problem}" for problem in figures.errors(comparison)]
    disturbed = figures.disturbed(comparison) if judged else []
    if disturbed:
        worst = max(max(one.foreign_cpu, one.stolen_cpu) for one in disturbed)
        lines.append(
            f"  DISTURBED {len(disturbed)} of {len(comparison.rounds)} rounds: other work used up to {worst:.2f} cores"
        )
    lines += [f"  {note}" for note in comparison.notes]
    return "\n".join(lines)


def row(comparison: Comparison, side: str) -> list[str]:
    """The figures of one side."""
    rate = figures.spread(comparison, side, figures.rate)
    ratio = None if side == comparison.subject else figures.ratio(comparison, side, figures.rate)
    parts = [figures.spread(comparison, side, figures.cpu_of(part)) for part in PARTS]
    calls = figures.spread(comparison, side, lambda one: sum(one.redis_calls_per_request.values()))
    return [
        side,
        median_cell(rate, 0),
        range_cell(rate, 0),
        median_cell(ratio, 2),
        range_cell(ratio, 2),
        median_cell(figures.spread(comparison, side, lambda one: one.p99_ms), 1),
        *(median_cell(part, 1) for part in parts),
        median_cell(calls, 3),
        median_cell(figures.spread(comparison, side, lambda one: one.service_rss_mb), 0),
    ]


def table(rows: list[list[str]]) -> list[str]:
    """The rows, below a heading for the columns of the parts."""
    before = sum(column_widths(rows)[:FIRST_PART]) + 2 * FIRST_PART
    return [" " * (before + 2) + CPU_HEADING, *aligned(rows)]


def as_json(comparison: Comparison) -> dict[str, object]:
    """All rounds, and the figures of the table."""
    summary: dict[str, object] = {}
    for side in comparison.sides():
        rate = figures.spread(comparison, side, figures.rate)
        ratio = None if side == comparison.subject else figures.ratio(comparison, side, figures.rate)
        summary[side] = {
            "requests_per_second": rate.as_json() if rate else None,
            "canvas_over_this": ratio.as_json() if ratio else None,
            "cpu_us_per_request": {
                part: found.as_json()
                for part in (*PARTS, "servers")
                if (found := figures.spread(comparison, side, figures.cpu_of(part))) is not None
            },
        }
    return {
        "scenario": comparison.name,
        "title": comparison.title,
        "valid": not figures.errors(comparison),
        "disturbed_rounds": len(figures.disturbed(comparison)),
        "notes": comparison.notes,
        "summary": summary,
        "targets": [
            {"target": one.text, "ratio": one.ratio.as_json(), "hit": one.is_hit}
            for one in figures.verdicts(comparison)
        ],
        "starts_s": [round(start, 3) for start in comparison.starts_s],
        "rounds": [one.as_json() for one in comparison.rounds],
    }
