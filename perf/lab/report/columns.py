"""Aligns the cells of text tables."""

from __future__ import annotations

from collections.abc import Sequence

from lab.harness.statistics import Spread


def column_widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """The width of the widest cell of each column."""
    return [max(len(cells[column]) for cells in rows) for column in range(len(rows[0]))]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """One line per row; the first column aligns left, the others right."""
    first, *others = column_widths(rows)
    lines = []
    for cells in rows:
        figures = (f"  {cell:>{width}}" for cell, width in zip(cells[1:], others, strict=True))
        lines.append(f"  {cells[0]:<{first}}{''.join(figures)}".rstrip())
    return lines


def median_cell(spread: Spread | None, digits: int) -> str:
    """The median; empty if there is none."""
    return "" if spread is None else f"{spread.median:,.{digits}f}"


def range_cell(spread: Spread | None, digits: int) -> str:
    """Minimum and maximum; empty if there are none."""
    return "" if spread is None else f"{spread.min:,.{digits}f} – {spread.max:,.{digits}f}"


def spread_text(spread: Spread, digits: int) -> str:
    """The median, with minimum and maximum in parentheses."""
    return f"{median_cell(spread, digits)} ({range_cell(spread, digits)})"
