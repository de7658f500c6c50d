"""What Canvas counts of itself, and how a round shows in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# What a write of a product that is there, with other media, comes to.
EFFECTS = {"changed", "created"}
STATUSES = {"200", "201"}


@dataclass(frozen=True)
class Counts:
    """Canvas's own metrics, since its start or over a round."""

    reads: dict[str, int] = field(default_factory=dict)
    """By the source that answered."""
    writes: dict[str, int] = field(default_factory=dict)
    """By their effect."""
    put_statuses: dict[str, int] = field(default_factory=dict)
    """The answers to PUTs by their status."""
    commits: int = 0
    committed: int = 0
    """Products in all commits together."""

    @staticmethod
    def parse(metrics: str) -> Counts:
        """Reads them from what Prometheus is told."""
        return Counts(
            reads=labelled(metrics, "canvas_reads_total", "source"),
            writes=labelled(metrics, "canvas_writes_total", "effect"),
            put_statuses=labelled(
                "\n".join(line for line in metrics.splitlines() if 'method="PUT"' in line),
                "vertx_http_server_requests_total",
                "code",
            ),
            commits=plain(metrics, "canvas_write_group_count"),
            committed=plain(metrics, "canvas_write_group_sum"),
        )

    def since(self, before: Counts) -> Counts:
        """By how much each has grown; only what has."""
        return Counts(
            reads=grown(before.reads, self.reads),
            writes=grown(before.writes, self.writes),
            put_statuses=grown(before.put_statuses, self.put_statuses),
            commits=self.commits - before.commits,
            committed=self.committed - before.committed,
        )

    def products_per_commit(self) -> float | None:
        """The mean; none where nothing was committed."""
        return self.committed / self.commits if self.commits else None

    def strays(self, source: str, share: float) -> dict[str, int]:
        """Reads that were answered from elsewhere than a source, if they are more than a share of all."""
        others = sum(count for name, count in self.reads.items() if name != source)
        return {f"reads not from {source}": others} if others > share * sum(self.reads.values()) else {}

    def mismatched(self, answered: int, connections: int) -> dict[str, int]:
        """
        Where the writes counted here are not those that were answered, or were answered otherwise.

        Each connection may have had one under way at the start, and one at the end, which were made but
        whose answers the load generator did not count.
        """
        wrong = {f"writes {effect}": count for effect, count in self.writes.items() if effect not in EFFECTS}
        wrong |= {f"status {code}": count for code, count in self.put_statuses.items() if code not in STATUSES}
        made = sum(count for effect, count in self.writes.items() if effect in EFFECTS)
        if made < answered:
            wrong["answered, not written"] = answered - made
        elif made > answered + 2 * connections:
            wrong["written, not answered"] = made - answered
        return wrong


def labelled(metrics: str, name: str, label: str) -> dict[str, int]:
    """A counter's values by one of its labels."""
    pattern = rf'^{name}\{{[^}}]*\b{label}="(\w+)"[^}}]*\}} (\S+)$'
    return {value: int(float(count)) for value, count in re.findall(pattern, metrics, re.MULTILINE)}


def plain(metrics: str, name: str) -> int:
    """A value of which there is one, or 0."""
    found = re.search(rf"^{name}(?:\{{\}})? (\S+)$", metrics, re.MULTILINE)
    return int(float(found[1])) if found else 0


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """By how much each count has grown, where it has."""
    return {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}
