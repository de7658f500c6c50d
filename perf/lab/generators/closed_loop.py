"""What all closed-loop generators share. In a closed loop each client sends a request when the last one is answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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


class SideBySide:
    """Several generators at once, such as one for each node. The latencies are the worst of them."""

    def __init__(self, generators: Sequence[LoadGenerator]) -> None:
        self._generators = generators

    def run(self, seconds: int) -> LoadResult:
        """Runs all of them."""
        with ThreadPoolExecutor(len(self._generators)) as threads:
            found = list(threads.map(lambda one: one.run(seconds), self._generators))
        errors: Counter[str] = Counter()
        for one in found:
            errors.update(one.errors)
        return LoadResult(
            requests=sum(one.requests for one in found),
            seconds=max(one.seconds for one in found),
            errors=dict(errors),
            p50_ms=max((one.p50_ms for one in found if one.p50_ms is not None), default=None),
            p99_ms=max((one.p99_ms for one in found if one.p99_ms is not None), default=None),
            cpu_seconds=sum(one.cpu_seconds for one in found),
        )
