"""Checks a round against Canvas's own metrics: where reads were answered from, and what writes did."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# What a write may do to a product, and how it may be answered, in a valid round.
EXPECTED_EFFECTS = {"changed", "created"}
EXPECTED_STATUSES = {"200", "201"}


@dataclass(frozen=True)
class CanvasMetrics:
    """Canvas's counters, since its start or over a round."""

    reads: dict[str, int] = field(default_factory=dict)
    """By the source of the response."""
    writes: dict[str, int] = field(default_factory=dict)
    """By their effect."""
    put_statuses: dict[str, int] = field(default_factory=dict)
    """Responses to PUTs by status."""
    commits: int = 0
    committed_products: int = 0
    """In all commits together."""

    @staticmethod
    def parse(metrics: str) -> CanvasMetrics:
        """Parses the Prometheus text format."""
        return CanvasMetrics(
            reads=by_label(metrics, "canvas_reads_total", "source"),
            writes=by_label(metrics, "canvas_writes_total", "effect"),
            put_statuses=by_label(
                "\n".join(line for line in metrics.splitlines() if 'method="PUT"' in line),
                "vertx_http_server_requests_total",
                "code",
            ),
            commits=single_value(metrics, "canvas_write_group_count"),
            committed_products=single_value(metrics, "canvas_write_group_sum"),
        )

    def since(self, before: CanvasMetrics) -> CanvasMetrics:
        """The growth since an earlier reading."""
        return CanvasMetrics(
            reads=growth(before.reads, self.reads),
            writes=growth(before.writes, self.writes),
            put_statuses=growth(before.put_statuses, self.put_statuses),
            commits=self.commits - before.commits,
            committed_products=self.committed_products - before.committed_products,
        )

    def products_per_commit(self) -> float | None:
        """The mean; None if nothing was committed."""
        return self.committed_products / self.commits if self.commits else None

    def unexpected_reads(self, source: str, tolerated_share: float) -> dict[str, int]:
        """Reads that were answered from another source, if they exceed the tolerated share of all reads."""
        others = sum(count for name, count in self.reads.items() if name != source)
        is_error = others > tolerated_share * sum(self.reads.values())
        return {f"reads not from {source}": others} if is_error else {}

    def write_mismatches(self, answered: int, connections: int) -> dict[str, int]:
        """
        Differences between the writes counted here and those that the load generator saw answered.

        Each connection may have one write in flight at the start and one at the end of the round. Canvas
        performs these, but the load generator does not count their responses.
        """
        errors = {f"writes {name}": count for name, count in self.writes.items() if name not in EXPECTED_EFFECTS}
        errors |= {f"status {code}": n for code, n in self.put_statuses.items() if code not in EXPECTED_STATUSES}
        written = sum(count for name, count in self.writes.items() if name in EXPECTED_EFFECTS)
        if written < answered:
            errors["answered, not written"] = answered - written
        elif written > answered + 2 * connections:
            errors["written, not answered"] = written - answered
        return errors


def by_label(metrics: str, name: str, label: str) -> dict[str, int]:
    """The values of a counter by one of its labels."""
    pattern = rf'^{name}\{{[^}}]*\b{label}="(\w+)"[^}}]*\}} (\S+)$'
    return {value: int(float(count)) for value, count in re.findall(pattern, metrics, re.MULTILINE)}


def single_value(metrics: str, name: str) -> int:
    """The value of a metric without labels; 0 if it is missing."""
    found = re.search(rf"^{name}(?:\{{\}})? (\S+)$", metrics, re.MULTILINE)
    return int(float(found[1])) if found else 0


def growth(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """By how much each count has grown; only those that have."""
    return {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}
