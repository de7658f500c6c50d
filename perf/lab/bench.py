"""Everything that a run needs, started when first asked for: stores, rows, Canvas, peers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lab import peers
from lab.canvas import Canvas
from lab.load import Clients
from lab.measure import Meter
from lab.peers import Peer, Sample
from lab.processes import LabError, Workshop
from lab.progress import Progress
from lab.stores import Postgres, Redis, RedisClient

CACHED_IDS = 100_000
HOT_IDS = 1_000

# How many rows the small table has that the cost of growth is measured against.
SMALL_ROWS = 10_000
COMPARED_IDS = 10

# A Canvas that has just started, on a machine with other work, may miss its deadline for Redis; what it
# reads then is not cached.
FILLING_TRIES = 5


@dataclass(frozen=True)
class Plan:
    """What was asked for on the command line."""

    scenarios: tuple[str, ...]
    peers: tuple[str, ...]
    rounds: int
    seconds: int
    warm_up: int
    lead_in: int
    rows: int
    cached_ids: int
    """How many products are cached for the scenarios that read from Redis."""
    clients: Clients
    quick: bool


class Catalogue:
    """A database of Postgres with products, a database of Redis, and Canvas over both."""

    def __init__(self, bench: Bench, name: str, rows: int, redis_database: int, *, near: bool) -> None:
        self.name, self.rows = name, rows
        self.cached_ids = min(bench.plan.cached_ids, rows)
        self.postgres_uri = bench.postgres.uri(name)
        self.redis_uri = bench.redis.uri(redis_database)
        self.cache = RedisClient(bench.redis, redis_database)
        if name not in bench.databases:
            bench.postgres.create_database(name)
        bench.progress.say(f"starting Canvas over {name}")
        self.canvas = bench.canvas(f"{name}-{redis_database}", self.postgres_uri, self.redis_uri, near=near)
        self.canvas.await_ready()
        if name not in bench.databases:
            # Canvas has made the tables at its start.
            bench.progress.say(f"generating {rows:,} products in {name}")
            bench.postgres.load_rows(name, rows)
            bench.databases.add(name)

    def fill_cache(self) -> None:
        """Has every product of the cached ones in Redis, and no other."""
        if self.cache.size() == self.cached_ids:
            return
        self.cache.clear()
        for _ in range(FILLING_TRIES):
            self.canvas.ask_all(self.cached_ids)
            if self.cache.size() == self.cached_ids:
                return
        raise LabError(
            f"Redis has {self.cache.size()} keys after {self.cached_ids} products were read "
            f"{FILLING_TRIES} times. Canvas's log ends:\n" + self.canvas.server.log_tail()
        )


class Bench:
    """The parts of a run. Each is started once, at its first use, and ended with the workshop."""

    def __init__(
        self,
        workshop: Workshop,
        plan: Plan,
        progress: Progress,
        *,
        patient: bool,
        postgres_settings: Mapping[str, str] | None = None,
    ) -> None:
        """
        Starts nothing yet.

        patient: Canvas has long deadlines for its stores. postgres_settings: beside those of every run.
        """
        self.workshop, self.plan, self.progress, self.patient = workshop, plan, progress, patient
        self._postgres_settings = postgres_settings or {}
        self.databases: set[str] = set()
        self.differences: list[str] = []
        self._peers: dict[str, Peer] = {}

    @cached_property
    def postgres(self) -> Postgres:
        """The one Postgres server."""
        self.progress.say("starting Postgres")
        return Postgres(self.workshop, self._postgres_settings)

    @cached_property
    def redis(self) -> Redis:
        """The one Redis server."""
        self.progress.say("starting Redis")
        return Redis(self.workshop)

    @cached_property
    def meter(self) -> Meter:
        """What runs rounds."""
        return Meter(self.postgres, self.redis)

    @cached_property
    def large(self) -> Catalogue:
        """As many rows as were asked for, near cache off."""
        return Catalogue(self, "canvas_large", self.plan.rows, 0, near=False)

    @cached_property
    def small(self) -> Catalogue:
        """The small table that growth is measured against, near cache off."""
        return Catalogue(self, "canvas_small", min(SMALL_ROWS, self.plan.rows // 2), 1, near=False)

    @cached_property
    def hot(self) -> Catalogue:
        """The large table once more, near cache on."""
        self.large  # noqa: B018 - makes the rows
        return Catalogue(self, "canvas_large", self.plan.rows, 2, near=True)

    @cached_property
    def written(self) -> Catalogue:
        """As many rows as were asked for, to be written to; near cache on."""
        return Catalogue(self, "canvas_written", self.plan.rows, 0, near=True)

    def canvas(self, name: str, postgres_uri: str, redis_uri: str, *, near: bool) -> Canvas:
        """Starts a Canvas."""
        return Canvas(self.workshop, name, postgres_uri, redis_uri, near=near, patient=self.patient)

    def peer(self, name: str) -> Peer:
        """A peer over the large catalogue's cache, compared with Canvas when it has started."""
        if name not in self._peers:
            self.large.fill_cache()
            self.progress.say(f"starting {name}")
            peer = peers.start(self.workshop, name, self._sample)
            step = max(1, self.large.cached_ids // COMPARED_IDS)
            products = range(1, self.large.cached_ids, step)[:COMPARED_IDS]
            self.differences += peers.differences(self.large.canvas.port, peer, products)
            self._peers[name] = peer
        return self._peers[name]

    @cached_property
    def _sample(self) -> Sample:
        body = peers.ask(self.large.canvas.port, 1).body
        return Sample(body, str(json.loads(body)["version"]), self.redis.port, self.large.cache.key_prefix())
