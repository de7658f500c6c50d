"""The scenarios of perf/read: hot, cached and cold reads, starts, and the cost of growth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from lab.generators.pgbench import Pgbench
from lab.generators.wrk import EachProductOnce, RandomReads, Wrk
from lab.harness.errors import LabError
from lab.measuring.comparison import Comparison, Target
from lab.measuring.rounds import Side
from lab.scenarios.testbed import Catalogue, Testbed
from lab.servers.caches import CACHE_NAMES
from lab.servers.canvas import Canvas

HOT_PRODUCTS = 1_000

# How often S11 clears Redis while it compares cold reads of two tables. The products of the small one come round
# after ROWS / rate seconds, and must not be cached then.
CLEAR_EVERY = 0.1
STARTS = 5

# The select of Canvas, for one random row.
SELECT = """\\set id random(1, {rows})
select product_id, version, convert_to(media::text, 'UTF8') from product_media where product_id = :id;
"""
PGBENCH_NOTE = "CPU of postgres under pgbench includes the start of its connections, once per round"

# The share of S1's reads that Redis may answer: products expire from the near cache after some seconds.
TOLERATED_REDIS_READS = 0.01


def hot_reads(testbed: Testbed) -> list[Comparison]:
    """S1: random GETs of 1,000 products in the near cache."""
    catalogue = testbed.large_with_near_cache
    products = min(HOT_PRODUCTS, catalogue.rows)
    catalogue.canvas.read_products(products)
    comparison = Comparison(
        "S1",
        f"hot GET: {products:,} products, near cache on",
        "canvas",
        targets=[
            Target("vertx-constant", 0.9),
            Target("nginx-lua-redis", 1.75),
            Target("express", 0.125, cpu_of="service"),
        ],
    )
    canvas = wrk_side(testbed, "canvas", catalogue.canvas, RandomReads(products))
    canvas.source, canvas.tolerated_reads = "near", TOLERATED_REDIS_READS
    canvas.prepare = lambda: catalogue.canvas.read_products(products)
    testbed.run_interleaved(comparison, [canvas, *peer_sides(testbed, products)])
    return [comparison]


def cached_reads(testbed: Testbed) -> list[Comparison]:
    """S2: random GETs of products in Redis."""
    catalogue = testbed.large
    products = catalogue.cached_products
    comparison = Comparison(
        "S2",
        f"Redis GET: {products:,} products in Redis, near cache off",
        "canvas",
        targets=[
            Target("nginx-lua-redis", 1.6),
            Target("vertx-constant", 0.65),
            Target("nginx-lua-redis", 0.4, cpu_of="redis"),
        ],
    )
    testbed.run_interleaved(comparison, [cached_side(testbed, "canvas", catalogue), *peer_sides(testbed, products)])
    return [comparison]


def cold_reads(testbed: Testbed) -> list[Comparison]:
    """S3: GETs of products that are not cached, beside pgbench."""
    catalogue = testbed.large
    comparison = Comparison(
        "S3",
        f"cold GET: {catalogue.rows:,} rows, nothing cached, no product requested twice",
        "canvas",
        targets=[Target("pgbench", 1.0)],
        notes=[PGBENCH_NOTE],
    )
    pgbench = Pgbench(testbed.postgres, catalogue.name, SELECT.format(rows=catalogue.rows), testbed.plan.clients)
    testbed.run_interleaved(comparison, [cold_side(testbed, "canvas", catalogue), Side("pgbench", pgbench, None)])
    return [comparison]


def starts(testbed: Testbed) -> list[Comparison]:
    """S10: the time that serve takes until it is ready."""
    comparison = Comparison("S10", "serve until /health/ready is 200, from the start of the process", "canvas")
    for number in range(1, (1 if testbed.plan.quick else STARTS) + 1):
        seconds = start_seconds(testbed, f"start-{number}")
        comparison.starts_s.append(seconds)
        testbed.progress.show(f"S10 start {number}: ready after {seconds:.2f} s")
    comparison.notes.append("targets: ready within 1.5 s, at most 400 MB under S1 (see its table for the memory)")
    return [comparison]


def start_seconds(
    testbed: Testbed, name: str, settings: Mapping[str, str] | None = None, *, patience: int = 60
) -> float:
    """How long a Canvas with these settings takes until it is ready. patience: how long to wait for it."""
    started = time.monotonic()
    canvas = testbed.start_canvas(
        name, testbed.large.postgres_uri, testbed.redis.uri(3), near_cache=True, settings=settings
    )
    canvas.await_ready(patience)
    seconds = time.monotonic() - started
    testbed.sandbox.stop(canvas.server)
    return seconds


def growth(testbed: Testbed) -> list[Comparison]:
    """S11: S2 and S3 over a small and over the large table, in the same rounds."""
    small, large = testbed.small, testbed.large
    target = [Target("canvas-small", 0.9)]
    title = f"{large.rows:,} rows beside {small.rows:,} (small)"
    cached = Comparison("S11-S2", f"cost of growth, Redis GET: {title}", "canvas", targets=target)
    testbed.run_interleaved(
        cached, [cached_side(testbed, "canvas", large), cached_side(testbed, "canvas-small", small)]
    )
    cold = Comparison("S11-S3", f"cost of growth, cold GET: {title}", "canvas", targets=target)
    cold.notes.append(f"Redis is cleared every {CLEAR_EVERY} s on both sides, so that no product is found in it")
    sides = [cold_side(testbed, "canvas", large), cold_side(testbed, "canvas-small", small, allow_repeats=True)]
    for side in sides:
        side.clear_every = CLEAR_EVERY
    testbed.run_interleaved(cold, sides)
    return [cached, cold]


READ_SCENARIOS: dict[str, Callable[[Testbed], list[Comparison]]] = {
    "S1": hot_reads,
    "S2": cached_reads,
    "S3": cold_reads,
    "S10": starts,
    "S11": growth,
}


def wrk_side(testbed: Testbed, name: str, canvas: Canvas, requests: RandomReads | EachProductOnce) -> Side:
    """Canvas under wrk."""
    return Side(name, Wrk(canvas.port, requests, testbed.plan.clients), canvas.pid, canvas=canvas)


def cached_side(testbed: Testbed, name: str, catalogue: Catalogue) -> Side:
    """Canvas with every requested product in Redis."""
    side = wrk_side(testbed, name, catalogue.canvas, RandomReads(catalogue.cached_products))
    side.source, side.prepare = "redis", catalogue.fill_cache
    return side


def cold_side(testbed: Testbed, name: str, catalogue: Catalogue, *, allow_repeats: bool = False) -> Side:
    """Canvas with nothing cached. Repeats are allowed if Redis is cleared during the round."""
    quick = testbed.plan.quick  # Its few products come round within a second.
    requests = EachProductOnce(catalogue.rows, testbed.plan.clients, allow_repeats=allow_repeats or quick)
    side = wrk_side(testbed, name, catalogue.canvas, requests)
    side.prepare, side.cache = catalogue.cache.clear, catalogue.cache
    side.source = None if quick else "postgres"
    return side


def peer_sides(testbed: Testbed, products: int) -> list[Side]:
    """The peers of the plan, without caches."""
    return sides_of(testbed, [name for name in testbed.plan.peers if name not in CACHE_NAMES], products)


def sides_of(testbed: Testbed, names: Iterable[str], products: int) -> list[Side]:
    """Peers under random reads of the first products."""
    peers = [testbed.peer(name) for name in names]
    if testbed.differences:
        raise LabError("Peers answer differently from Canvas:\n" + "\n".join(testbed.differences))
    return [
        Side(
            peer.name,
            Wrk(peer.port, RandomReads(products), testbed.plan.clients),
            peer.server.pid,
            prepare=testbed.large.fill_cache,
        )
        for peer in peers
    ]
