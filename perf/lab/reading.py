"""The scenarios of perf/read, by the names that the targets have."""

from __future__ import annotations

import time
from collections.abc import Callable

from lab.bench import HOT_IDS, Bench, Catalogue
from lab.canvas import Canvas
from lab.load import EveryIdOnce, RandomIds, Wrk
from lab.measure import Side
from lab.pgbench import Pgbench
from lab.processes import LabError
from lab.scenarios import Result, Target, interleaved

# How often Redis is emptied while cold reads of two tables of different size are compared: the small
# one's ids come round after ROWS / rate seconds, and then have to be cold again.
CLEAR_EVERY = 0.1
STARTS = 5

# Canvas's select, for one random row.
SELECT = """\\set id random(1, {rows})
select product_id, version, convert_to(media::text, 'UTF8') from product_media where product_id = :id;
"""

# What the near cache may leave to Redis in S1: its products end after some seconds, and come from there again.
NEAR_STRAYS = 0.01


def hot(bench: Bench) -> list[Result]:
    """S1: random GETs of 1,000 products."""
    catalogue = bench.hot
    ids = min(HOT_IDS, catalogue.rows)
    catalogue.canvas.ask_all(ids)
    result = Result(
        "S1",
        f"hot GET: {ids:,} ids, near cache on",
        "canvas",
        targets=[Target("vertx-constant", 0.8), Target("nginx-lua-redis", 1.75), Target("express", 8.0)],
    )
    ours = wrk_side(bench, "canvas", catalogue.canvas, RandomIds(ids))
    ours.source, ours.strays = "near", NEAR_STRAYS
    ours.prepare = lambda: catalogue.canvas.ask_all(ids)
    interleaved(bench, result, [ours, *peer_sides(bench, ids)])
    return [result]


def cached(bench: Bench) -> list[Result]:
    """S2: random GETs of products that are in Redis."""
    catalogue = bench.large
    result = Result(
        "S2",
        f"Redis GET: {catalogue.cached_ids:,} ids in Redis, near cache off",
        "canvas",
        targets=[Target("nginx-lua-redis", 1.4), Target("nginx-lua-redis", 0.5, cpu_of="redis")],
    )
    interleaved(bench, result, [cached_side(bench, "canvas", catalogue), *peer_sides(bench, catalogue.cached_ids)])
    return [result]


def cold(bench: Bench) -> list[Result]:
    """S3: GETs of products that are not cached, beside pgbench."""
    catalogue = bench.large
    result = Result(
        "S3",
        f"cold GET: {catalogue.rows:,} rows, nothing cached, no id asked for twice",
        "canvas",
        targets=[Target("pgbench", 1.0)],
        notes=["CPU of postgres under pgbench holds the start of its connections, once a round"],
    )
    pgbench = Pgbench(bench.postgres, catalogue.name, SELECT.format(rows=catalogue.rows), bench.plan.clients)
    interleaved(bench, result, [cold_side(bench, "canvas", catalogue), Side("pgbench", pgbench, None)])
    return [result]


def starting(bench: Bench) -> list[Result]:
    """S10: how long serve takes until it is ready, and how much memory it has under load."""
    catalogue = bench.large
    result = Result("S10", "serve until /health/ready is 200, from the start of the process", "canvas")
    for number in range(1, (1 if bench.plan.quick else STARTS) + 1):
        begun = time.monotonic()
        canvas = bench.canvas(f"start-{number}", catalogue.postgres_uri, bench.redis.uri(3), near=True)
        canvas.await_ready()
        result.starts_s.append(time.monotonic() - begun)
        bench.progress.say(f"S10 start {number}: ready after {result.starts_s[-1]:.2f} s")
        bench.workshop.stop(canvas.server)
    result.notes.append("targets: ready within 2.5 s, at most 400 MB under S1 (its table has the memory)")
    return [result]


def growth(bench: Bench) -> list[Result]:
    """S11: S2 and S3 over a small and over the large table, in the same rounds."""
    small, large = bench.small, bench.large
    target = [Target("canvas-small", 0.9)]
    title = f"{large.rows:,} rows beside {small.rows:,} (small)"
    from_redis = Result("S11-S2", f"cost of growth, Redis GET: {title}", "canvas", targets=target)
    interleaved(
        bench, from_redis, [cached_side(bench, "canvas", large), cached_side(bench, "canvas-small", small)]
    )
    from_store = Result("S11-S3", f"cost of growth, cold GET: {title}", "canvas", targets=target)
    from_store.notes.append(f"Redis is emptied every {CLEAR_EVERY} s on both sides, so that no id is met cached")
    sides = [cold_side(bench, "canvas", large), cold_side(bench, "canvas-small", small, again=True)]
    for side in sides:
        side.clear_every = CLEAR_EVERY
    interleaved(bench, from_store, sides)
    return [from_redis, from_store]


READING: dict[str, Callable[[Bench], list[Result]]] = {
    "S1": hot,
    "S2": cached,
    "S3": cold,
    "S10": starting,
    "S11": growth,
}


def wrk_side(bench: Bench, name: str, canvas: Canvas, ids: RandomIds | EveryIdOnce) -> Side:
    """Canvas under wrk."""
    return Side(name, Wrk(canvas.port, ids, bench.plan.clients), canvas.pid, canvas=canvas)


def cached_side(bench: Bench, name: str, catalogue: Catalogue) -> Side:
    """Canvas with all that is asked for in Redis."""
    side = wrk_side(bench, name, catalogue.canvas, RandomIds(catalogue.cached_ids))
    side.source, side.prepare = "redis", catalogue.fill_cache
    return side


def cold_side(bench: Bench, name: str, catalogue: Catalogue, *, again: bool = False) -> Side:
    """Canvas with nothing cached; again: ids may come round, as Redis is emptied meanwhile."""
    quick = bench.plan.quick  # Its few rows come round within a second.
    ids = EveryIdOnce(catalogue.rows, bench.plan.clients, again=again or quick)
    side = wrk_side(bench, name, catalogue.canvas, ids)
    side.prepare, side.cache = catalogue.cache.clear, catalogue.cache
    side.source = None if quick else "postgres"
    return side


def peer_sides(bench: Bench, ids: int) -> list[Side]:
    """The peers that were asked for."""
    peers = [bench.peer(name) for name in bench.plan.peers]
    if bench.differences:
        raise LabError("The peers do not answer as Canvas does:\n" + "\n".join(bench.differences))
    return [
        Side(
            peer.name,
            Wrk(peer.port, RandomIds(ids), bench.plan.clients),
            peer.server.pid,
            prepare=bench.large.fill_cache,
        )
        for peer in peers
    ]
