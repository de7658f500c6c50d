"""The result of perf/index: the latencies of single lookups, one after another."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lookups:
    """The latencies of one kind of lookup."""

    name: str
    milliseconds: list[float]


@dataclass
class IndexResult:
    """All kinds of lookup, and what was looked up in."""

    rows: int
    index: str
    """The statement that makes the index."""
    table_mb: float = 0.0
    """In MB of 10^6 bytes."""
    index_s: float = 0.0
    """Seconds to make the index."""
    lookups: list[Lookups] = field(default_factory=list)
