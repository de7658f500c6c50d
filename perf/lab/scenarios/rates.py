"""perf/rates: the first service's table. GETs and POSTs of its API at rising rates, until the service collapses."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lab.generators.open_loop import OpenLoop, RandomStream, Request, Schedule
from lab.harness.processes import ServerProcess, free_port
from lab.harness.procfs import MachineTime, ProcessTimes
from lab.measuring.rate_point import RateCurve, RatePoint, rate_point
from lab.scenarios.testbed import Catalogue, Testbed
from lab.servers import first_service
from lab.servers.canvas import Canvas
from lab.servers.redis import RedisClient

# The rates of the first service's record, and on.
RATES = (1, 10, 100, 1_000, 2_000, 2_500, 3_500, 5_000, 10_000, 20_000, 40_000, 60_000)

# Between the last rate that is held and the first that is not, the knee is searched in so many steps.
KNEE_STEPS = 4

HOT_PRODUCT = 1
CONNECTIONS, MAX_CONNECTIONS = 64, 3_500
PATIENCE_SECONDS = 5.0
WARM_UP_RATE, QUICK_WARM_UP_RATE = 3_000, 50

CANVAS_KINDS = ("Postgres", "Postgres + Redis", "Postgres + Redis + near cache")
FIRST_SERVICE = "Express + Postgres + Redis"
DATABASES = (*CANVAS_KINDS, FIRST_SERVICE)


@dataclass(frozen=True)
class Climb:
    """The rates of a curve."""

    rates: Sequence[int]
    """In rising order."""
    steps: int
    """Of the search between the last rate that is held and the first that is not."""


QUICK_CLIMB = Climb((10, 200), 0)


@dataclass(frozen=True)
class Served:
    """A running service."""

    port: int
    server: ServerProcess
    clear: Callable[[], None]
    """Empties its cache."""


@dataclass(frozen=True)
class Asked:
    """A kind of request."""

    route: str
    products: str
    stream: RandomStream


class Rates:
    """The services, one at a time, and the load on them."""

    def __init__(self, testbed: Testbed, databases: tuple[str, ...], climb: Climb) -> None:
        self.testbed, self.databases, self._climb = testbed, databases, climb
        self._seed = 0

    @cached_property
    def generator(self) -> OpenLoop:
        """The load generator."""
        return OpenLoop(self.testbed.sandbox)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The products; the Canvas that has made their tables is stopped."""
        catalogue = self.testbed.large
        self.testbed.sandbox.stop(catalogue.canvas.server)
        return catalogue

    def curves(self) -> Iterator[RateCurve]:
        """Measures every service for every kind of request."""
        for database in self.databases:
            served = self.start(database)
            try:
                self.warm_up(served)
                for asked in self.kinds():
                    served.clear()
                    yield RateCurve(database, asked.route, asked.products, self.climb(database, served, asked))
            finally:
                self.testbed.sandbox.stop(served.server)

    def kinds(self) -> list[Asked]:
        """What is asked for: GETs of all products alike, of few of them mostly, and of one; POSTs."""
        rows = self.testbed.plan.rows

        def reads(count: int, *, zipf: bool = False) -> RandomStream:
            return RandomStream(1, 1, count, Request.IMAGES, zipf)

        kinds = [
            Asked("GET", f"random of {rows:,}", reads(rows)),
            Asked("GET", f"Zipf of {rows:,}", reads(rows, zipf=True)),
            Asked("GET", "one", RandomStream(1, HOT_PRODUCT, 1, Request.IMAGES)),
            Asked("POST", f"random of {rows:,}", RandomStream(1, 1, rows, Request.POST)),
        ]
        return kinds[::3] if self.testbed.plan.quick else kinds

    def start(self, database: str) -> Served:
        """Starts a service over the products of the plan."""
        testbed, catalogue = self.testbed, self.catalogue
        if database == FIRST_SERVICE:
            testbed.progress.show("copying the rows for the first service")
            server, port = first_service.start(testbed.sandbox, testbed.postgres, catalogue.name, testbed.redis)
            return Served(port, server, RedisClient(testbed.redis, first_service.REDIS_DATABASE).clear)
        testbed.progress.show(f"starting Canvas with {database}")
        # Where there is no Redis, nobody listens.
        redis_uri = f"redis://127.0.0.1:{free_port()}/0" if database == CANVAS_KINDS[0] else catalogue.redis_uri
        canvas: Canvas = testbed.start_canvas(
            database.replace(" ", ""), catalogue.postgres_uri, redis_uri, near_cache=database == CANVAS_KINDS[2]
        )
        canvas.await_ready()
        return Served(canvas.port, canvas.server, catalogue.cache.clear)

    def warm_up(self, served: Served) -> None:
        """Lets the service compile its hot code."""
        rate = QUICK_WARM_UP_RATE if self.testbed.plan.quick else WARM_UP_RATE
        for asked in self.kinds():
            self.testbed.progress.show(f"warming up: {asked.route}, {asked.products}")
            self.load(served, asked, rate, self.testbed.plan.warm_up)

    def climb(self, database: str, served: Served, asked: Asked) -> list[RatePoint]:
        """The points at rising rates until the service collapses, and those of the search for the knee."""
        points: list[RatePoint] = []
        for rate in self._climb.rates:
            points.append(self.point(database, served, asked, rate))
            if points[-1].collapsed:
                break
        self.search_knee(points, lambda rate: self.point(database, served, asked, rate))
        return sorted(points, key=lambda one: one.offered)

    def search_knee(self, points: list[RatePoint], measure: Callable[[int], RatePoint]) -> None:
        """Adds points between the last rate that is held and the next one."""
        held = max((one.offered for one in points if one.held), default=0.0)
        lost = min((one.offered for one in points if one.offered > held), default=0.0)
        for _ in range(self._climb.steps if held and lost else 0):
            point = measure(round(math.sqrt(held * lost)))
            points.append(point)
            held, lost = (point.offered, lost) if point.held else (held, point.offered)

    def point(self, database: str, served: Served, asked: Asked, rate: int) -> RatePoint:
        """Measures one rate."""
        seconds = self.testbed.plan.seconds
        step = f"{database}, {asked.route} {asked.products} at {rate:,}/s"
        self.testbed.progress.show(f"{step} …")
        done = self.load(served, asked, rate, seconds)
        self.testbed.progress.show(f"{step}: {done.good:,.0f}/s, p99 {done.p99_ms:,.1f} ms")
        return done

    def load(self, served: Served, asked: Asked, rate: int, seconds: int) -> RatePoint:
        """Runs a load; no two loads ask for the same random products."""
        self._seed += 1
        parts = {"the service": served.server.pid, "Redis": self.testbed.redis.server.pid,
                 "Postgres": self.testbed.postgres.server.pid}  # fmt: skip
        stream = RandomStream(
            1, asked.stream.first, asked.stream.count, asked.stream.request, asked.stream.zipf, self._seed
        )
        schedule = Schedule(
            rate, max(1, rate // 2), max(1, rate * seconds), min(CONNECTIONS, rate), MAX_CONNECTIONS, PATIENCE_SECONDS
        )
        run = self.generator.start(served.port, schedule, [stream])
        machine, before = MachineTime.read(), ProcessTimes()
        result = run.result()
        used, after = MachineTime.read(), ProcessTimes()
        took = used.at - machine.at
        cores: dict[str, float] = {
            name: (after.of_tree(pid) - before.of_tree(pid)) / took for name, pid in parts.items()
        }
        cores["the load generator"] = result.cpu_seconds / (took + 1)
        own = after.of_tree(os.getpid()) - before.of_tree(os.getpid())
        foreign = (used.processes - machine.processes - own + used.stolen - machine.stolen) / took
        return rate_point(result.responses, seconds, cores, max(0.0, foreign))


def machine_cores() -> int:
    """The cores that the lab and its servers share."""
    return len(os.sched_getaffinity(0))


NAMES: Mapping[str, str] = {
    "postgres": CANVAS_KINDS[0],
    "redis": CANVAS_KINDS[1],
    "near": CANVAS_KINDS[2],
    "express": FIRST_SERVICE,
}
"""The services by their names on the command line."""
