"""Presents loads of a whole catalogue as a table."""

from __future__ import annotations

from lab.harness.statistics import Spread
from lab.measuring.catalogue_loads import LoadComparison
from lab.report.columns import aligned, median_cell, range_cell, spread_text


def as_text(comparison: LoadComparison, *, judged: bool) -> str:
    """The table; judged: followed by the verdict and disturbances."""
    parts = list(dict.fromkeys(part for one in comparison.loads for part in one.parts))
    cpus = list(dict.fromkeys(part for one in comparison.loads for part in one.cpu_s))
    head = ["", "products/s", "min – max", "seconds", "min – max", *(f"{part} s" for part in parts),
            *(f"{part}'s CPU s" for part in cpus), "peak RSS MB"]  # fmt: skip
    rows = [row(comparison, side, parts, cpus) for side in comparison.sides()]
    lines = [f"{comparison.name}  {comparison.title}", *aligned([head, *rows])]
    measured = comparison.measured_ratio()
    if judged and measured is not None and comparison.ratio is not None:
        mark = "hit   " if measured.median >= comparison.ratio else "missed"
        lines.append(
            f"  {mark} products per second ≥ {comparison.ratio:g} × {comparison.over}: {spread_text(measured, 2)}"
        )
    disturbed = [one for one in comparison.loads if one.is_disturbed()]
    if judged and disturbed:
        worst = max(max(one.foreign_cpu, one.stolen_cpu) for one in disturbed)
        lines.append(
            f"  DISTURBED {len(disturbed)} of {len(comparison.loads)} loads: other work used up to {worst:.2f} cores"
        )
    return "\n".join([*lines, *(f"  {note}" for note in comparison.notes)])


def row(comparison: LoadComparison, side: str, parts: list[str], cpus: list[str]) -> list[str]:
    """The figures of one side."""
    loads = comparison.loads_of(side)
    rate, seconds = Spread.of(one.rate for one in loads), Spread.of(one.seconds for one in loads)
    return [
        side,
        median_cell(rate, 0),
        range_cell(rate, 0),
        median_cell(seconds, 2),
        range_cell(seconds, 2),
        *(median_cell(Spread.of_known(one.parts.get(part) for one in loads), 1) for part in parts),
        *(median_cell(Spread.of_known(one.cpu_s.get(part) for one in loads), 1) for part in cpus),
        median_cell(Spread.of_known(one.peak_rss_mb for one in loads), 0),
    ]
