"""Runs an open loop of reads while a fault begins and ends, and records what Canvas held before and after."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from lab.generators.open_loop import (
    OnceStream,
    OpenLoop,
    OpenLoopRun,
    RandomStream,
    Schedule,
    Stream,
)
from lab.harness.procfs import MachineTime, ProcessTimes, open_descriptors
from lab.measuring.fault_result import FaultObservation, OpenResources
from lab.scenarios.testbed import Catalogue, Testbed

# The rate as a share of the peak of cold reads: what the store can carry when the cache is gone.
RATE_SHARE = 0.8
PEAK_ROUNDS = 3
PEAK_REQUESTS = 50_000, 50_000  # The lead-in, and those that count.
PEAK_CLIENTS = 64

# In mixed loads one of five requests is for a product that is not cached.
CACHED_WEIGHT, COLD_WEIGHT = 4, 1
CACHED, COLD = 0, 1

CONNECTIONS, MAX_CONNECTIONS = 256, 1_000
SETTLE_SECONDS = 5.0

POSTGRES_SETTINGS = {"shared_preload_libraries": "pg_stat_statements"}
STORE_QUERIES = (
    "select coalesce(sum(calls), 0)::bigint from pg_stat_statements"
    " where query like '%from product_media%' and query like '%any($1)%'"
)


@dataclass(frozen=True)
class Timing:
    """The phases of a run in seconds, and its rate."""

    warm_up: int
    lead_in: int
    """In requests at the full rate; the rate rises, so it takes twice as long."""
    before: int
    fault: int
    after: int
    rate: int | None
    """Requests per second; None for a share of the measured peak."""

    @property
    def fault_end(self) -> int:
        """When the fault ends, in seconds since the first counted request."""
        return self.before + self.fault

    @property
    def end(self) -> int:
        """When the last request is due."""
        return self.fault_end + self.after


class FaultRunner:
    """A Canvas over a Postgres and a Redis that can be harmed, and the load on it."""

    def __init__(
        self, testbed: Testbed, timing: Timing, catalogue: Catalogue | None = None, port: int | None = None
    ) -> None:
        """port: where requests go; to the Canvas of the catalogue unless it is given."""
        self.testbed, self.timing, self._catalogue, self._port = testbed, timing, catalogue, port

    @property
    def catalogue(self) -> Catalogue:
        """Canvas and its data."""
        return self._catalogue or self.testbed.large

    @cached_property
    def cached(self) -> RandomStream:
        """Products in Redis."""
        return RandomStream(CACHED_WEIGHT, 1, self.catalogue.cached_products)

    @cached_property
    def cold(self) -> OnceStream:
        """Products that have not been requested before."""
        first = self.catalogue.cached_products + 1
        return OnceStream(COLD_WEIGHT, first, self.catalogue.rows - first + 1)

    @cached_property
    def generator(self) -> OpenLoop:
        """The load generator."""
        return OpenLoop(self.testbed.sandbox)

    @cached_property
    def rate(self) -> float:
        """Requests per second of every run; a share of the measured peak unless it was given."""
        return self.timing.rate or round(RATE_SHARE * self.peak)

    @cached_property
    def peak(self) -> float:
        """The peak of cold reads per second, in a closed loop."""
        self.testbed.progress.show("measuring the peak of cold reads")
        self.catalogue.cache.clear()
        stream = OnceStream(1, 1, self.catalogue.rows)
        rates = []
        for _ in range(PEAK_ROUNDS):
            run = self.start(Schedule.closed_loop(PEAK_CLIENTS, *PEAK_REQUESTS), [stream])
            answered = sorted(one.answered for one in run.result().responses)
            rates.append(len(answered) / (answered[-1] - answered[0]))
        self.testbed.progress.show(f"the peak of cold reads is {median(rates):,.0f}/s")
        return median(rates)

    def observe(
        self,
        name: str,
        streams: Sequence[Stream],
        begin_fault: Callable[[], None],
        end_fault: Callable[[], None],
        *,
        fills_cache: bool = True,
    ) -> FaultObservation:
        """Runs the load with a fault in it; end_fault returns when the server answers again."""
        rate, timing, progress = self.rate, self.timing, self.testbed.progress
        if fills_cache:
            self.catalogue.fill_cache()
        progress.show(f"{name}: warming up at {rate:,.0f}/s")
        self.start(self._schedule(timing.warm_up), streams).result()
        before = self.resources_at_rest(None)
        progress.show(f"{name}: {timing.end} s at {rate:,.0f}/s, the fault after {timing.before} s")
        machine, own, started = MachineTime.read(), ProcessTimes(), time.monotonic()
        run = self.start(self._schedule(timing.end), streams)
        try:
            self._wait(name, run, timing.before)
            fault_began = time.time()
            begin_fault()
            self._wait(name, run, timing.fault_end)
            end_fault()
            recovered = time.time()
            self._wait(name, run, timing.end)
            result = run.result()
        finally:
            run.kill()
        machine_used = MachineTime.read().processes - machine.processes
        own_used = ProcessTimes().of_tree(os.getpid()) - own.of_tree(os.getpid())
        foreign = max(0.0, machine_used - own_used) / (time.monotonic() - started)
        after = self.resources_at_rest(before)
        return FaultObservation(
            result.responses,
            run.started,
            fault_began - run.started,
            recovered - run.started,
            before,
            after,
            result,
            foreign,
        )

    def start(self, schedule: Schedule, streams: Sequence[Stream]) -> OpenLoopRun:
        """Starts a load."""
        return self.generator.start(self._port or self.catalogue.canvas.port, schedule, streams)

    def _schedule(self, seconds: int) -> Schedule:
        lead_in = int(self.rate * self.timing.lead_in)
        return Schedule(self.rate, lead_in, int(self.rate * seconds), CONNECTIONS, MAX_CONNECTIONS)

    def start_counting_queries(self) -> None:
        """Makes store_queries available."""
        self.testbed.postgres.execute(self.catalogue.name, "create extension if not exists pg_stat_statements")

    def store_queries(self) -> int:
        """The number of statements that have read media since the start of Postgres."""
        return self.testbed.postgres.query_number(self.catalogue.name, STORE_QUERIES)

    def open_resources(self) -> OpenResources:
        """What Canvas holds now."""
        return OpenResources(
            self.testbed.postgres.connections(),
            self.catalogue.cache.connections(),
            open_descriptors(self.catalogue.canvas.pid),
        )

    def resources_at_rest(self, expected: OpenResources | None) -> OpenResources:
        """What Canvas holds once that is as expected, or does not change any more; gives up after some seconds."""
        deadline = time.monotonic() + SETTLE_SECONDS
        last = self.open_resources()
        while last != expected and time.monotonic() < deadline:
            time.sleep(0.5)
            now = self.open_resources()
            if expected is None and now == last:
                break
            last = now
        return last

    def _wait(self, name: str, run: OpenLoopRun, moment: float) -> None:
        while (left := run.started + moment - time.time()) > 0:
            self.testbed.progress.show(f"{name}: {time.time() - run.started:2.0f} s, {run.last_line()} …")
            time.sleep(min(left, 1.0))
