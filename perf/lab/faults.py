"""A fault under an open loop: the load, the strike, the mending, and what is counted before and after."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from lab.bench import Bench, Catalogue
from lab.openloop import Answer, Arrivals, Ended, Once, OpenLoop, Random, Run
from lab.procfs import MachineTime, ProcessTimes, descriptors

# The load, as a share of the peak of cold reads: what the store can carry when the cache is gone.
LOAD = 0.8
PEAK_ROUNDS = 3
PEAK_REQUESTS = 50_000, 50_000  # To lead in, and to be counted.
PEAK_CLIENTS = 64

# One of five requests is for a product that is not cached, where misses are of interest.
CACHED_WEIGHT, COLD_WEIGHT = 4, 1
CACHED, COLD = 0, 1

CONNECTIONS, MOST_CONNECTIONS = 256, 1_000
SETTLING_SECONDS = 5.0

POSTGRES_SETTINGS = {"shared_preload_libraries": "pg_stat_statements"}
STORE_QUERIES = (
    "select coalesce(sum(calls), 0)::bigint from pg_stat_statements"
    " where query like '%from product_media%' and query like '%any($1)%'"
)


@dataclass(frozen=True)
class Timing:
    """Seconds of a run: to warm up, to lead in, before the fault, with it, after it; and a rate that was given."""

    warm_up: int
    lead_in: int
    """In requests at the full rate; it takes twice as long."""
    before: int
    fault: int
    after: int
    rate: int | None

    @property
    def mend(self) -> int:
        """When the fault is mended, in seconds from the first request that counts."""
        return self.before + self.fault

    @property
    def end(self) -> int:
        """When the last request is due."""
        return self.mend + self.after


@dataclass(frozen=True)
class Census:
    """What Canvas holds while nobody asks it anything."""

    postgres_connections: int
    redis_connections: int
    descriptors: int


@dataclass(frozen=True)
class Observed:
    """A run with a fault in it; moments are seconds from its first request that counts."""

    answers: list[Answer]
    struck: float
    mended: float
    """When the server answered again."""
    before: Census
    after: Census
    generator: Ended
    foreign_cpu: float
    """Cores that other processes took."""


class Faults:
    """One Canvas, with a Postgres and a Redis to be harmed, and the load on it."""

    def __init__(self, bench: Bench, timing: Timing) -> None:
        self.bench, self.timing = bench, timing

    @property
    def catalogue(self) -> Catalogue:
        """Canvas and its data."""
        return self.bench.large

    @cached_property
    def cached(self) -> Random:
        """Products that are in Redis."""
        return Random(CACHED_WEIGHT, 1, self.catalogue.cached_ids)

    @cached_property
    def cold(self) -> Once:
        """Products that nobody has asked for."""
        first = self.catalogue.cached_ids + 1
        return Once(COLD_WEIGHT, first, self.catalogue.rows - first + 1)

    @cached_property
    def generator(self) -> OpenLoop:
        """What asks."""
        return OpenLoop(self.bench.workshop)

    @cached_property
    def rate(self) -> float:
        """Requests a second of every run; finds the peak where it was not given."""
        return self.timing.rate or round(LOAD * self.peak)

    @cached_property
    def peak(self) -> float:
        """The closed-loop peak of cold reads."""
        self.bench.progress.say("looking for the peak of cold reads")
        self.catalogue.cache.clear()
        every = Once(1, 1, self.catalogue.rows)
        rates = []
        for _ in range(PEAK_ROUNDS):
            ended = self.start(Arrivals.closed_loop(PEAK_CLIENTS, *PEAK_REQUESTS), [every]).result()
            done = sorted(one.answered for one in ended.answers)
            rates.append(len(done) / (done[-1] - done[0]))
        self.bench.progress.say(f"the peak of cold reads is {median(rates):,.0f}/s")
        return median(rates)

    def observe(
        self,
        name: str,
        streams: Sequence[Random | Once],
        strike: Callable[[], None],
        mend: Callable[[], None],
    ) -> Observed:
        """Loads, strikes and mends; mend returns when the server answers again."""
        rate, timing = self.rate, self.timing
        self.catalogue.fill_cache()
        self.bench.progress.say(f"{name}: warming up at {rate:,.0f}/s")
        self.start(self._arrivals(timing.warm_up), streams).result()
        before = self.settled(None)
        self.bench.progress.say(f"{name}: {timing.end} s at {rate:,.0f}/s, the fault after {timing.before} s")
        machine, own, begun = MachineTime.read(), ProcessTimes(), time.monotonic()
        run = self.start(self._arrivals(timing.end), streams)
        try:
            self._wait(name, run, timing.before)
            struck = time.time()
            strike()
            self._wait(name, run, timing.mend)
            mend()
            mended = time.time()
            self._wait(name, run, timing.end)
            ended = run.result()
        finally:
            run.kill()
        busy = MachineTime.read().processes - machine.processes
        ours = ProcessTimes().tree(os.getpid()) - own.tree(os.getpid())
        foreign = max(0.0, busy - ours) / (time.monotonic() - begun)
        return Observed(
            ended.answers, struck - run.begun, mended - run.begun, before, self.settled(before), ended, foreign
        )

    def start(self, arrivals: Arrivals, streams: Sequence[Random | Once]) -> Run:
        """Starts a load."""
        return self.generator.start(self.catalogue.canvas.port, arrivals, streams)

    def _arrivals(self, seconds: int) -> Arrivals:
        lead_in = int(self.rate * self.timing.lead_in)
        return Arrivals(self.rate, lead_in, int(self.rate * seconds), CONNECTIONS, MOST_CONNECTIONS)

    def store_queries(self) -> int:
        """How many statements have asked for media since the start of Postgres."""
        return self.bench.postgres.query(self.catalogue.name, STORE_QUERIES)

    def count_store_queries(self) -> None:
        """From now on."""
        self.bench.postgres.execute(self.catalogue.name, "create extension if not exists pg_stat_statements")

    def census(self) -> Census:
        """What Canvas holds now."""
        return Census(
            self.bench.postgres.connections(),
            self.catalogue.cache.connections(),
            descriptors(self.catalogue.canvas.pid),
        )

    def settled(self, wanted: Census | None) -> Census:
        """What Canvas holds once it is as wanted, or at rest; at the latest after some seconds."""
        deadline = time.monotonic() + SETTLING_SECONDS
        last = self.census()
        while last != wanted and time.monotonic() < deadline:
            time.sleep(0.5)
            now = self.census()
            if wanted is None and now == last:
                break
            last = now
        return last

    def _wait(self, name: str, run: Run, moment: float) -> None:
        while (left := run.begun + moment - time.time()) > 0:
            self.bench.progress.say(f"{name}: {time.time() - run.begun:2.0f} s, {run.now()} …")
            time.sleep(min(left, 1.0))
