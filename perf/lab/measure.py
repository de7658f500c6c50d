"""One round of one side: how much it answered, and what that cost every part of the machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from lab.canvas import Canvas
from lab.counts import Counts, grown
from lab.load import Load, Outcome
from lab.procfs import MachineTime, ProcessTimes
from lab.stores import Postgres, Redis, RedisClient

# Above this share of one core used by processes that are no part of the measurement, it is said.
FOREIGN_CPU = 0.10

# Shares of the reads that may come from elsewhere than the scenario says.
STRAY_READS = 0.001


@dataclass
class Side:
    """Something that is measured: Canvas, a peer, or Postgres alone."""

    name: str
    load: Load
    pid: int | None
    """The service's process; none where Postgres answers the load generator itself."""
    canvas: Canvas | None = None
    source: str | None = None
    """Where Canvas's answers have to come from."""
    strays: float = STRAY_READS
    """Shares of them that may come from elsewhere."""
    writers: int | None = None
    """How many clients write, where they do."""
    prepare: Callable[[], None] = lambda: None
    """What has to be done before each round."""
    clear_every: float | None = None
    """Seconds after which Redis is emptied during a round, again and again."""
    cache: RedisClient | None = None


@dataclass
class Round:
    """The figures of one round."""

    side: str
    number: int
    requests: int
    seconds: float
    requests_per_second: float
    p50_ms: float | None
    p99_ms: float | None
    cpu_us_per_request: dict[str, float]
    redis_calls_per_request: dict[str, float]
    reads_by_source: dict[str, int]
    writes_by_effect: dict[str, int]
    products_per_commit: float | None
    service_rss_mb: float | None
    foreign_cpu: float
    stolen_cpu: float
    errors: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The figures for a file, rounded to what they are worth."""
        return {key: rounded(value) for key, value in asdict(self).items()}


def rounded(value: object) -> object:
    """Four digits after the point at most."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return value


class Meter:
    """Runs rounds and measures them."""

    def __init__(self, postgres: Postgres, redis: Redis) -> None:
        self._postgres, self._redis = postgres, redis
        self._commands = RedisClient(redis, 0)

    def warm_up(self, side: Side, seconds: int) -> None:
        """Asks without measuring; failures do not count."""
        side.prepare()
        with clearing(side):
            side.load.run(seconds)

    def round(self, side: Side, number: int, seconds: int, lead_in: int) -> Round:
        """Asks for some seconds without counting, then for the round's own."""
        side.prepare()
        with clearing(side):
            if lead_in:
                side.load.run(lead_in)
            return self._measured(side, number, seconds)

    def _measured(self, side: Side, number: int, seconds: int) -> Round:
        counts_before = side.canvas.counts() if side.canvas else Counts()
        calls_before = self._commands.calls()
        machine_before, times_before = MachineTime.read(), ProcessTimes()
        outcome = side.load.run(seconds)
        machine_after, times_after = MachineTime.read(), ProcessTimes()
        calls_after = self._commands.calls()
        counts = side.canvas.counts().since(counts_before) if side.canvas else Counts()

        def used(pid: int | None) -> float:
            return 0.0 if pid is None else times_after.tree(pid) - times_before.tree(pid)

        cpu = {
            "service": used(side.pid),
            "redis": used(self._redis.server.pid),
            "postgres": used(self._postgres.server.pid),
            "load": outcome.cpu_seconds,
        }
        # The load generator has ended, and so is in the laboratory's own time, as its servers are.
        foreign = machine_after.processes - machine_before.processes - used(os.getpid())
        requests = max(1, outcome.requests)
        return Round(
            side=side.name,
            number=number,
            requests=outcome.requests,
            seconds=outcome.seconds,
            requests_per_second=outcome.requests / outcome.seconds,
            p50_ms=outcome.p50_ms,
            p99_ms=outcome.p99_ms,
            cpu_us_per_request={part: used_s * 1e6 / requests for part, used_s in cpu.items()},
            redis_calls_per_request={
                name: calls / requests
                for name, calls in grown(calls_before, calls_after).items()
                if name not in ("info", "select")
            },
            reads_by_source=counts.reads,
            writes_by_effect=counts.writes,
            products_per_commit=counts.products_per_commit(),
            service_rss_mb=None if side.pid is None else times_after.resident_mb(side.pid),
            foreign_cpu=max(0.0, foreign) / outcome.seconds,
            stolen_cpu=(machine_after.stolen - machine_before.stolen) / outcome.seconds,
            errors={**outcome.errors, **differences(side, outcome, counts)},
        )


def differences(side: Side, outcome: Outcome, counts: Counts) -> dict[str, int]:
    """Where Canvas has not done what this scenario is about."""
    strays = {} if side.source is None else counts.strays(side.source, side.strays)
    if side.writers is None:
        return strays
    return {**strays, **counts.mismatched(outcome.requests, side.writers)}


@contextmanager
def clearing(side: Side) -> Iterator[None]:
    """Empties the side's database of Redis again and again, where it asks for that."""
    if side.clear_every is None or side.cache is None:
        yield
        return
    ended = threading.Event()
    cache, period = side.cache, side.clear_every

    def clear() -> None:
        while not ended.wait(period):
            cache.clear()

    thread = threading.Thread(target=clear, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
