"""The servers and data that scenarios share; each is started when it is first used."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lab.generators.closed_loop import Clients
from lab.harness.errors import LabError
from lab.harness.processes import Sandbox
from lab.measuring.comparison import Comparison
from lab.measuring.rounds import Meter, Round, Side
from lab.report.progress import Progress
from lab.servers import caches, peers
from lab.servers.canvas import Canvas, read_products
from lab.servers.nodes import ALL_ROLES, Nodes
from lab.servers.peers import Peer, PeerInput
from lab.servers.postgres import Postgres
from lab.servers.redis import Redis, RedisClient

CACHED_PRODUCTS = 100_000

# Rows of the small table that the cost of growth is measured against.
SMALL_ROWS = 10_000
COMPARED_PRODUCTS = 10

# A Canvas that has just started on a busy machine may miss its deadline for Redis. It does not cache what it
# reads then, so filling the cache is repeated.
FILL_ATTEMPTS = 5

# How long the relay may take to repair what the previous round has left in the outbox.
RELAY_SECONDS = 60


@dataclass(frozen=True)
class Plan:
    """What the command line asks for. Times are in seconds."""

    scenarios: tuple[str, ...]
    peers: tuple[str, ...]
    rounds: int
    seconds: int
    warm_up: int
    lead_in: int
    rows: int
    cached_products: int
    """How many products are in Redis for scenarios that read from it."""
    clients: Clients
    quick: bool
    repeats: int | None = None
    """How many rounds are repeated at most because other work disturbed them; None for as many as there are."""


class Catalogue:
    """A Postgres database with products, a Redis database, and a Canvas over both."""

    def __init__(
        self,
        testbed: Testbed,
        name: str,
        rows: int,
        redis_database: int,
        *,
        near_cache: bool,
        redis: Redis | None = None,
    ) -> None:
        """Starts Canvas, and generates the products first. redis: instead of the one that all share."""
        redis = redis or testbed.redis
        self.name, self.rows = name, rows
        self._postgres = testbed.postgres
        self.cached_products = min(testbed.plan.cached_products, rows)
        self.postgres_uri = testbed.postgres.uri(name)
        self.redis_uri = redis.uri(redis_database)
        self.cache = RedisClient(redis, redis_database)
        if name not in testbed.databases:
            testbed.postgres.create_database(name)
        testbed.progress.show(f"starting Canvas over {name}")
        self.canvas = testbed.start_canvas(
            f"{name}-{redis_database}", self.postgres_uri, self.redis_uri, near_cache=near_cache
        )
        self.canvas.await_ready()
        if name not in testbed.databases:
            # Canvas has created the tables during its start.
            testbed.progress.show(f"generating {rows:,} products in {name}")
            testbed.postgres.generate_products(name, rows)
            testbed.databases.add(name)

    def fill_cache(self) -> None:
        """Puts the products that are to be cached into Redis, and removes all others."""
        if self.cache.size() == self.cached_products:
            return
        self.cache.clear()
        for _ in range(FILL_ATTEMPTS):
            self.canvas.read_products(self.cached_products)
            if self.cache.size() == self.cached_products:
                return
        raise LabError(
            f"Redis holds {self.cache.size()} products after {self.cached_products} were read "
            f"{FILL_ATTEMPTS} times. Canvas's log ends with:\n{self.canvas.server.log_tail()}"
        )

    def await_empty_outbox(self) -> None:
        """Waits until the relay has nothing left to repair."""
        deadline = time.monotonic() + RELAY_SECONDS
        while self._postgres.execute(self.name, "select 1 from media_outbox limit 1").strip():
            if time.monotonic() > deadline:
                raise LabError(f"The outbox is not empty {RELAY_SECONDS} s after the last write")
            time.sleep(0.1)


class Testbed:
    """All parts of a run. Each is started once, when it is first used, and stopped with the sandbox."""

    def __init__(
        self,
        sandbox: Sandbox,
        plan: Plan,
        progress: Progress,
        *,
        long_timeouts: bool,
        postgres_settings: Mapping[str, str] | None = None,
        canvas_settings: Mapping[str, str] | None = None,
        near_cache: bool = False,
    ) -> None:
        """
        Starts nothing yet.

        long_timeouts: see Canvas. postgres_settings, canvas_settings: in addition to those of every run. near_cache:
        whether the Canvas over the large catalogue has one.
        """
        self.sandbox, self.plan, self.progress = sandbox, plan, progress
        self._long_timeouts = long_timeouts
        self._postgres_settings = postgres_settings or {}
        self._canvas_settings = canvas_settings or {}
        self._near_cache = near_cache
        self.databases: set[str] = set()
        self.differences: list[str] = []
        self._peers: dict[str, Peer] = {}

    @cached_property
    def postgres(self) -> Postgres:
        """The Postgres server."""
        self.progress.show("starting Postgres")
        return Postgres(self.sandbox, self._postgres_settings)

    @cached_property
    def redis(self) -> Redis:
        """The Redis server."""
        self.progress.show("starting Redis")
        return Redis(self.sandbox)

    @cached_property
    def meter(self) -> Meter:
        """Runs rounds."""
        return Meter(self.postgres, self.redis)

    @cached_property
    def large(self) -> Catalogue:
        """As many rows as the plan says; near cache off, unless the testbed has been told otherwise."""
        return Catalogue(self, "canvas_large", self.plan.rows, 0, near_cache=self._near_cache)

    @cached_property
    def small(self) -> Catalogue:
        """Few rows, to measure the cost of growth against; near cache off."""
        return Catalogue(self, "canvas_small", min(SMALL_ROWS, self.plan.rows // 2), 1, near_cache=False)

    @cached_property
    def large_with_near_cache(self) -> Catalogue:
        """The rows of the large catalogue, with another Canvas; near cache on."""
        self.large  # noqa: B018 - generates the rows
        return Catalogue(self, "canvas_large", self.plan.rows, 2, near_cache=True)

    @cached_property
    def writable(self) -> Catalogue:
        """As many rows as the plan says, to be written to; near cache on."""
        return Catalogue(self, "canvas_written", self.plan.rows, 0, near_cache=True)

    @cached_property
    def three_nodes(self) -> Nodes:
        """Three nodes with all roles behind NGINX, over the stores of the large catalogue; near caches off."""
        return self.start_nodes("three", [ALL_ROLES] * 3, near_cache=False)

    def start_nodes(self, name: str, roles: Sequence[str], *, near_cache: bool) -> Nodes:
        """Starts nodes with these roles behind NGINX, over the stores of the large catalogue."""
        self.large.fill_cache()
        self.progress.show(f"{name}: starting {len(roles)} nodes and NGINX")
        return Nodes(
            self.sandbox,
            name,
            self.large.postgres_uri,
            self.large.redis_uri,
            roles,
            near_cache=near_cache,
            long_timeouts=self._long_timeouts,
        )

    def start_canvas(
        self,
        name: str,
        postgres_uri: str,
        redis_uri: str,
        *,
        near_cache: bool,
        settings: Mapping[str, str] | None = None,
        descriptors: int | None = None,
    ) -> Canvas:
        """Starts a Canvas. settings: in addition to those of every Canvas of the testbed."""
        return Canvas(
            self.sandbox,
            name,
            postgres_uri,
            redis_uri,
            near_cache=near_cache,
            long_timeouts=self._long_timeouts,
            settings={**self._canvas_settings, **(settings or {})},
            descriptors=descriptors,
        )

    def peer(self, name: str) -> Peer:
        """
        A peer over the large catalogue's cache, or a cache before it or before the Canvas with a near cache.

        Its responses are compared with Canvas's when it starts.
        """
        if name not in self._peers:
            self.large.fill_cache()
            peer = self._start_cache(name) if name in caches.CACHE_NAMES else self._start_peer(name)
            step = max(1, self.large.cached_products // COMPARED_PRODUCTS)
            products = range(1, self.large.cached_products, step)[:COMPARED_PRODUCTS]
            self.differences += peers.differences(self.large.canvas.port, peer, products)
            self._peers[name] = peer
        return self._peers[name]

    def _start_peer(self, name: str) -> Peer:
        self.progress.show(f"starting {name}")
        peer = peers.start(self.sandbox, name, self._peer_input)
        if name == "spring":
            # It has a cache of its own in Redis.
            read_products(peer.port, self.large.cached_products)
        return peer

    def _start_cache(self, name: str) -> Peer:
        behind = caches.service_behind(name)
        port = self.large_with_near_cache.canvas.port if behind == "canvas" else self.peer(behind).port
        self.progress.show(f"starting {name}")
        return caches.start(self.sandbox, name, port)

    @cached_property
    def _peer_input(self) -> PeerInput:
        body = peers.get(self.large.canvas.port, 1).body
        version = str(json.loads(body)["version"])
        return PeerInput(body, version, self.redis.port, self.large.cache.key_prefix(), self.large.postgres_uri)

    def run_interleaved(self, comparison: Comparison, sides: list[Side], *, lead_in: bool = True) -> None:
        """
        Warms up every side, then runs one round of each, then the next round of each, and so on.

        Rounds of the same number that other work has disturbed are run again, at most as many as the plan allows.
        """
        plan = self.plan
        for side in sides:
            self.progress.show(f"{comparison.name} warming up {side.name}")
            self.meter.warm_up(side, plan.warm_up)
        repeats = allowed = 0 if plan.quick else plan.rounds if plan.repeats is None else plan.repeats
        for number in range(1, plan.rounds + 1):
            done = self._rounds(comparison.name, sides, number, lead_in=lead_in)
            while repeats and any(one.is_disturbed() for one in done):
                repeats -= 1
                self.progress.show(f"{comparison.name} round {number} was disturbed and is repeated")
                done = self._rounds(comparison.name, sides, number, lead_in=lead_in)
            comparison.rounds += done
        if repeats < allowed:
            comparison.notes.append(f"rounds that were disturbed and repeated: {allowed - repeats}")

    def _rounds(self, name: str, sides: list[Side], number: int, *, lead_in: bool) -> list[Round]:
        done = []
        for side in sides:
            step = f"{name} round {number}/{self.plan.rounds} {side.name}"
            self.progress.show(f"{step} …")
            done.append(self.meter.round(side, number, self.plan.seconds, self.plan.lead_in if lead_in else 0))
            self.progress.show(f"{step}: {done[-1].requests_per_second:,.0f}/s")
        return done
