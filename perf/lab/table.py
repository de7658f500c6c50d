"""The result as a table for the terminal and as JSON for a file."""

from __future__ import annotations

from lab import figures
from lab.figures import Spread
from lab.scenarios import Result

Cells = list[str]

HEAD: Cells = [
    "", "requests/s", "min – max", "canvas ×", "min – max", "p99 ms",
    "service", "redis", "postgres", "load", "Redis calls", "RSS MB",
]  # fmt: skip
PARTS = ("service", "redis", "postgres", "load")


def shown(result: Result, *, judged: bool) -> str:
    """A scenario's table and what went wrong; judged: also its targets and what disturbed it."""
    lines = [f"{result.name}  {result.title}"]
    if result.starts_s:
        starts = Spread.of(result.starts_s)
        lines.append(f"  ready after {starts.median:.2f} s ({span(starts, 2)}), {len(result.starts_s)} starts")
    group = figures.spread(result, result.subject, lambda one: one.products_per_commit)
    if group is not None:
        lines.append(f"  products a commit: {group.median:.1f} ({span(group, 1)})")
    if result.rounds:
        lines += aligned([HEAD, *(row(result, side) for side in figures.sides(result))])
    for verdict in figures.verdicts(result) if judged else ():
        reached = f"{verdict.ratio.median:.2f} ({span(verdict.ratio, 2)})"
        lines.append(f"  {'hit   ' if verdict.is_hit else 'missed'} {verdict.text}: {reached}")
    lines += [f"  INVALID {problem}" for problem in figures.errors(result)]
    odd = figures.disturbed(result) if judged else []
    if odd:
        worst = max(max(one.foreign_cpu, one.stolen_cpu) for one in odd)
        lines.append(
            f"  DISTURBED {len(odd)} of {len(result.rounds)} rounds: other work took up to {worst:.2f} cores"
        )
    lines += [f"  {note}" for note in result.notes]
    return "\n".join(lines)


def row(result: Result, side: str) -> Cells:
    """The figures of one side."""
    speed = figures.spread(result, side, figures.speed)
    p99 = figures.spread(result, side, lambda one: one.p99_ms)
    rss = figures.spread(result, side, lambda one: one.service_rss_mb)
    calls = figures.spread(result, side, lambda one: sum(one.redis_calls_per_request.values()))
    ratio = None if side == result.subject else figures.ratio(result, side, figures.speed)
    parts = [figures.spread(result, side, figures.cpu(part)) for part in PARTS]
    return [
        side,
        number(speed, 0),
        span(speed, 0),
        number(ratio, 2),
        span(ratio, 2),
        number(p99, 1),
        *(number(part, 1) for part in parts),
        number(calls, 3),
        number(rss, 0),
    ]


def number(values: Spread | None, digits: int) -> str:
    """A median."""
    return "" if values is None else f"{values.median:,.{digits}f}"


def span(values: Spread | None, digits: int) -> str:
    """The least and the greatest."""
    return "" if values is None else f"{values.least:,.{digits}f} – {values.greatest:,.{digits}f}"


def aligned(rows: list[Cells]) -> list[str]:
    """Columns as wide as their widest cell: names to the left, figures to the right."""
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(HEAD))]
    group = sum(widths[:6]) + 2 * 6
    lines = [" " * (group + 2) + "µs of CPU a request"]
    for cells in rows:
        first = f"  {cells[0]:<{widths[0]}}"
        rest = (f"  {cell:>{width}}" for cell, width in zip(cells[1:], widths[1:], strict=True))
        lines.append((first + "".join(rest)).rstrip())
    return lines


def as_json(result: Result) -> dict[str, object]:
    """Everything that was measured, and the figures of the table."""
    summary: dict[str, object] = {}
    for side in figures.sides(result):
        speed = figures.spread(result, side, figures.speed)
        ratio = None if side == result.subject else figures.ratio(result, side, figures.speed)
        summary[side] = {
            "requests_per_second": speed.as_json() if speed else None,
            "canvas_over_this": ratio.as_json() if ratio else None,
            "cpu_us_per_request": {
                part: found.as_json()
                for part in PARTS
                if (found := figures.spread(result, side, figures.cpu(part))) is not None
            },
        }
    return {
        "scenario": result.name,
        "title": result.title,
        "valid": not figures.errors(result),
        "disturbed_rounds": len(figures.disturbed(result)),
        "notes": result.notes,
        "summary": summary,
        "targets": [
            {"target": one.text, "ratio": one.ratio.as_json(), "hit": one.is_hit}
            for one in figures.verdicts(result)
        ],
        "starts_s": [round(start, 3) for start in result.starts_s],
        "rounds": [one.as_json() for one in result.rounds],
    }
