"""Presents the latencies of single lookups as a table."""

from __future__ import annotations

from collections.abc import Sequence

from lab.harness.statistics import Spread, percentile
from lab.measuring.lookups import IndexResult, Lookups
from lab.report.columns import aligned

# Fewer lookups have no 99th percentile worth showing.
P99_LOOKUPS = 100


def as_text(result: IndexResult) -> str:
    """The table."""
    head = ["", "lookups", "median ms", "min", "max", "p99"]
    return "\n".join([
        f"index  one lookup among {result.rows:,} rows of Shoe_Images ({result.table_mb:,.0f} MB), one client",
        *aligned([head, *(row(one) for one in result.lookups)]),
        f"  {result.index}: {result.index_s:.1f} s",
    ])  # fmt: skip


def row(lookups: Lookups) -> list[str]:
    """The figures of one kind of lookup."""
    ordered = sorted(lookups.milliseconds)
    spread = Spread.of(ordered)
    return [
        lookups.name,
        f"{len(ordered):,}",
        f"{spread.median:,.3f}",
        f"{spread.min:,.3f}",
        f"{spread.max:,.3f}",
        p99_cell(ordered),
    ]


def p99_cell(ordered: Sequence[float]) -> str:
    """The 99th percentile; empty if there are too few lookups for one."""
    return f"{percentile(ordered, 0.99):,.3f}" if len(ordered) >= P99_LOOKUPS else ""
