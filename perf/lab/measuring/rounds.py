"""Measures one round of one side: how many requests it answered, and what that cost every part of the machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from lab.generators.closed_loop import LoadGenerator, LoadResult
from lab.harness.procfs import MachineTime, ProcessTimes
from lab.servers.canvas import Canvas
from lab.servers.canvas_metrics import CanvasMetrics, growth
from lab.servers.postgres import Postgres
from lab.servers.redis import Redis, RedisClient

# A round is disturbed if processes outside the measurement used more of a core than this.
DISTURBED_CORES = 0.10

# The share of reads that may be answered from another source than the scenario expects.
TOLERATED_READS = 0.001

# Commands of the lab's own Redis connection, which are not part of a request.
LAB_COMMANDS = ("info", "select")


@dataclass
class Side:
    """One of the sides that a scenario compares: Canvas, a peer, or Postgres alone."""

    name: str
    generator: LoadGenerator
    pid: int | None
    """The service's process; None if the generator talks to Postgres directly."""
    other_pids: tuple[int, ...] = ()
    """More processes of the service, such as other nodes."""
    canvas: Canvas | None = None
    source: str | None = None
    """The source that Canvas must answer reads from."""
    tolerated_reads: float = TOLERATED_READS
    """The share of reads that may come from another source."""
    writing_clients: int | None = None
    """The number of clients that write; None if the side only reads."""
    prepare: Callable[[], None] = lambda: None
    """Called before each round."""
    clear_every: float | None = None
    """Clears Redis during rounds, at this interval in seconds."""
    cache: RedisClient | None = None


@dataclass
class Round:
    """The figures of one round. The names of the fields are the keys in the JSON file."""

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
    """Cores that processes outside the measurement used."""
    stolen_cpu: float
    """Cores that other guests of the host used."""
    errors: dict[str, int] = field(default_factory=dict)

    def is_disturbed(self) -> bool:
        """Whether other work on the machine may have changed the figures."""
        return max(self.foreign_cpu, self.stolen_cpu) > DISTURBED_CORES

    def as_json(self) -> dict[str, object]:
        """All figures, rounded."""
        return {key: rounded(value) for key, value in asdict(self).items()}


def rounded(value: object) -> object:
    """Rounds floats to four decimals, also within dictionaries."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return value


class Meter:
    """Runs rounds and measures them."""

    def __init__(self, postgres: Postgres, redis: Redis) -> None:
        self._postgres, self._redis = postgres, redis
        self._redis_client = RedisClient(redis, 0)

    def warm_up(self, side: Side, seconds: int) -> None:
        """Runs a side without measuring; errors do not count."""
        side.prepare()
        with clearing_cache(side):
            side.generator.run(seconds)

    def round(self, side: Side, number: int, seconds: int, lead_in: int) -> Round:
        """Runs a side for the lead-in without measuring, then for the measured seconds."""
        side.prepare()
        with clearing_cache(side):
            if lead_in:
                side.generator.run(lead_in)
            return self._measure(side, number, seconds)

    def _measure(self, side: Side, number: int, seconds: int) -> Round:
        metrics_before = side.canvas.metrics() if side.canvas else CanvasMetrics()
        calls_before = self._redis_client.calls()
        machine_before, times_before = MachineTime.read(), ProcessTimes()
        load = side.generator.run(seconds)
        machine_after, times_after = MachineTime.read(), ProcessTimes()
        calls_after = self._redis_client.calls()
        metrics = side.canvas.metrics().since(metrics_before) if side.canvas else CanvasMetrics()

        def used(pid: int) -> float:
            return times_after.of_tree(pid) - times_before.of_tree(pid)

        pids = [] if side.pid is None else [side.pid, *side.other_pids]
        cpu = {
            "service": sum(used(pid) for pid in pids),
            "redis": used(self._redis.server.pid),
            "postgres": used(self._postgres.server.pid),
            "load": load.cpu_seconds,
        }
        # The lab's own time includes its servers and the load generator, which has ended.
        foreign = machine_after.processes - machine_before.processes - used(os.getpid())
        requests = max(1, load.requests)
        return Round(
            side=side.name,
            number=number,
            requests=load.requests,
            seconds=load.seconds,
            requests_per_second=load.requests / load.seconds,
            p50_ms=load.p50_ms,
            p99_ms=load.p99_ms,
            cpu_us_per_request={part: used_s * 1e6 / requests for part, used_s in cpu.items()},
            redis_calls_per_request={
                name: calls / requests
                for name, calls in growth(calls_before, calls_after).items()
                if name not in LAB_COMMANDS
            },
            reads_by_source=metrics.reads,
            writes_by_effect=metrics.writes,
            products_per_commit=metrics.products_per_commit(),
            service_rss_mb=sum(times_after.resident_mb(pid) for pid in pids) if pids else None,
            foreign_cpu=max(0.0, foreign) / load.seconds,
            stolen_cpu=(machine_after.stolen - machine_before.stolen) / load.seconds,
            errors={**load.errors, **metric_errors(side, load, metrics)},
        )


def metric_errors(side: Side, load: LoadResult, metrics: CanvasMetrics) -> dict[str, int]:
    """What Canvas did that the scenario does not expect, by its own metrics."""
    unexpected = {} if side.source is None else metrics.unexpected_reads(side.source, side.tolerated_reads)
    if side.writing_clients is None:
        return unexpected
    return {**unexpected, **metrics.write_mismatches(load.requests, side.writing_clients)}


@contextmanager
def clearing_cache(side: Side) -> Iterator[None]:
    """Clears the side's Redis database at regular intervals, if the side wants that."""
    if side.clear_every is None or side.cache is None:
        yield
        return
    ended = threading.Event()
    cache, interval = side.cache, side.clear_every

    def clear() -> None:
        while not ended.wait(interval):
            cache.clear()

    thread = threading.Thread(target=clear, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
