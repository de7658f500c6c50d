"""What all closed-loop generators share. In a closed loop each client sends a request when the last one is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Clients:
    """How many clients send requests, and on how many threads of the load generator."""

    connections: int
    threads: int


@dataclass(frozen=True)
class LoadResult:
    """What a load generator counted. Errors are by kind; only kinds that occurred."""

    requests: int
    seconds: float
    errors: dict[str, int] = field(default_factory=dict)
    p50_ms: float | None = None
    p99_ms: float | None = None
    cpu_seconds: float = 0.0


class LoadGenerator(Protocol):
    """Sends requests as fast as they are answered."""

    def run(self, seconds: int) -> LoadResult:
        """Sends requests for this long."""
