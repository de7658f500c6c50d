"""Runs open loops against Canvas for the scenarios of perf/pressure."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

from lab.generators.open_loop import OnceStream, OpenLoop, OpenLoopRun, RandomStream, Request, Schedule, Stream
from lab.harness.procfs import ProcessTimes
from lab.measuring.strain import Strain, strain
from lab.scenarios.pressure_testbed import HOT_PRODUCTS, LOST_LINES, pressed
from lab.scenarios.testbed import Catalogue, Testbed

PEAK_CLIENTS = 64
PEAK_REQUESTS, QUICK_PEAK_REQUESTS = (20_000, 40_000), (50, 300)

# The generator alone needs a core for this rate.
MAX_RATE, QUICK_MAX_RATE = 60_000, 500
CONNECTIONS, MAX_CONNECTIONS = 256, 2_000

# A client that has found no connection for so long has gone.
PATIENCE_SECONDS = 1.0

# Reads are normal again when so many in a row are answered 200 within this time.
NORMAL_READS, NORMAL_SECONDS, MAX_NORMAL_SECONDS = 20, 0.05, 15.0


class PressureLoads:
    """The loads on the Canvas over the large catalogue."""

    def __init__(self, testbed: Testbed) -> None:
        self.testbed = testbed
        self._peaks: dict[str, float] = {}
        rows = self.catalogue.rows
        hot = (1, HOT_PRODUCTS)
        others = (HOT_PRODUCTS + 1, rows - HOT_PRODUCTS)
        self.streams: dict[str, list[Stream]] = {
            "cold reads": [OnceStream(1, *others)],
            "hot reads": [RandomStream(1, *hot)],
            "writes": [RandomStream(1, *others, Request.PUT)],
            "mixed": [RandomStream(8, *hot), OnceStream(1, *others), RandomStream(1, *others, Request.PUT)],
            "nine of ten hot": [RandomStream(9, *hot), OnceStream(1, *others)],
            "cold reads and writes": [OnceStream(1, *others), RandomStream(1, *others, Request.PUT)],
        }

    @property
    def catalogue(self) -> Catalogue:
        """Canvas and its data."""
        return self.testbed.large

    @cached_property
    def generator(self) -> OpenLoop:
        """The load generator."""
        return OpenLoop(self.testbed.sandbox)

    @property
    def max_rate(self) -> int:
        """The most that the generator offers."""
        return QUICK_MAX_RATE if self.testbed.plan.quick else MAX_RATE

    def prepare(self) -> None:
        """Nothing is cached but the hot products."""
        self.catalogue.cache.clear()
        self.catalogue.canvas.read_products(HOT_PRODUCTS)

    def peak(self, load: str) -> float:
        """The peak of a load per second, in a closed loop; measured once."""
        if load not in self._peaks:
            self.prepare()
            self.testbed.progress.show(f"measuring the peak of {load}")
            counts = QUICK_PEAK_REQUESTS if self.testbed.plan.quick else PEAK_REQUESTS
            run = self.start(Schedule.closed_loop(PEAK_CLIENTS, *counts), self.streams[load])
            answered = sorted(one.answered for one in run.result().responses)
            self._peaks[load] = len(answered) / max(1e-3, answered[-1] - answered[0])
            self.testbed.progress.show(f"the peak of {load} is {self._peaks[load]:,.0f}/s")
        return self._peaks[load]

    def start(self, schedule: Schedule, streams: Sequence[Stream]) -> OpenLoopRun:
        """Starts a load."""
        return self.generator.start(self.catalogue.canvas.port, schedule, streams)

    def open_loop(
        self, rate: float, seconds: float, streams: Sequence[Stream], max_connections: int = MAX_CONNECTIONS
    ) -> OpenLoopRun:
        """Starts a load at a rate, which it reaches within a second."""
        requests = max(1, int(rate * seconds))
        schedule = Schedule(rate, int(rate / 2), requests, CONNECTIONS, max_connections, PATIENCE_SECONDS)
        return self.start(schedule, streams)

    def measure(
        self,
        name: str,
        load: str,
        rate: float,
        share: float | None,
        *,
        until_normal: bool = False,
        prepared: bool = False,
    ) -> Strain:
        """Runs a load at a rate for the seconds of the plan. prepared: the caller has cached the hot products."""
        seconds = self.testbed.plan.seconds
        self.testbed.progress.show(f"{name}: {load} at {rate:,.0f}/s …")
        if not prepared:
            self.prepare()
        lost = self.lost()
        run = self.open_loop(rate, seconds, self.streams[load])
        try:
            responses = run.result().responses
        finally:
            run.kill()
        normal = self.seconds_until_normal() if until_normal else None
        pressed(self.testbed)
        done = strain(
            load, share, responses, seconds, rss_mb=self.rss_mb(), lost=self.lost() - lost, normal_after_s=normal
        )
        self.testbed.progress.show(f"{name}: {load} at {rate:,.0f}/s: {done.good:,.0f}/s good")
        return done

    @contextmanager
    def beside(
        self,
        found: list[Strain],
        label: str,
        rate: float,
        load: str = "hot reads",
        max_connections: int = MAX_CONNECTIONS,
    ) -> Iterator[None]:
        """Runs a load while the body runs, for the seconds of the plan, and then adds what its clients noticed."""
        seconds = self.testbed.plan.seconds
        lost = self.lost()
        run = self.open_loop(rate, seconds, self.streams[load], max_connections)
        try:
            yield
            responses = run.result().responses
        finally:
            run.kill()
        pressed(self.testbed)
        found.append(
            strain(label, None, responses, seconds, rss_mb=self.rss_mb(), lost=self.lost() - lost, normal_after_s=None)
        )

    def lost(self) -> int:
        """How often Canvas has said that a store is away."""
        return self.catalogue.canvas.server.count_lines(LOST_LINES)

    def rss_mb(self) -> float:
        """The resident memory of Canvas."""
        return ProcessTimes().resident_mb(self.catalogue.canvas.pid)

    def seconds_until_normal(self) -> float:
        """Seconds until cold reads are answered quickly, one after another; the limit if that takes too long."""
        started = time.monotonic()
        in_a_row, product = 0, self.catalogue.rows
        while in_a_row < NORMAL_READS and time.monotonic() - started < MAX_NORMAL_SECONDS:
            began = time.monotonic()
            is_good = self.reads(product, self.catalogue.canvas.port) and time.monotonic() - began < NORMAL_SECONDS
            in_a_row = in_a_row + 1 if is_good else 0
            product -= 1
        return time.monotonic() - started

    def reads(self, product: int, port: int) -> bool:
        """Whether a product can be read at a port."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", f"/api/products/{product}/media")
            response = connection.getresponse()
            response.read()
            return response.status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
