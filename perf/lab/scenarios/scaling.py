"""The scenario "scale" of perf/read: more verticles and more nodes, beside the forecast of docs/capacity.md."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from statistics import median

from lab.generators.closed_loop import Clients, SideBySide
from lab.generators.wrk import RandomReads, Wrk
from lab.measuring.comparison import Comparison
from lab.measuring.rounds import Side
from lab.report import figures
from lab.scenarios.testbed import Testbed
from lab.servers.canvas import Canvas

# Of HTTP and of data, in one node.
VERTICLES = (1, 2, 4)
SUBJECT = "2 verticles"
NODES = "two nodes"


def scale(testbed: Testbed) -> list[Comparison]:
    """GETs from Redis with 1, 2 and 4 verticles of each kind, and with two nodes of one."""
    catalogue = testbed.large
    products = catalogue.cached_products
    comparison = Comparison(
        "scale",
        f"Redis GET: {products:,} products in Redis, near cache off; verticles of HTTP and of data in one node, "
        f"and two nodes with one of each",
        SUBJECT,
    )

    def start(name: str, verticles: int) -> Canvas:
        testbed.progress.show(f"starting Canvas with {verticles} verticles of each kind")
        settings = {"CANVAS_HTTP_INSTANCES": str(verticles), "CANVAS_DATA_INSTANCES": str(verticles)}
        canvas = testbed.start_canvas(
            name, catalogue.postgres_uri, catalogue.redis_uri, near_cache=False, settings=settings
        )
        canvas.await_ready()
        return canvas

    def side(name: str, nodes: list[Canvas]) -> Side:
        clients = testbed.plan.clients
        share = Clients(max(1, clients.connections // len(nodes)), 1)
        load = SideBySide([Wrk(node.port, RandomReads(products), share) for node in nodes])
        others = tuple(node.pid for node in nodes[1:])
        return Side(name, load, nodes[0].pid, others, prepare=catalogue.fill_cache)

    verticles_of = {**{f"{n} verticle{'s' * (n > 1)}": (n,) for n in VERTICLES}, NODES: (1, 1)}
    canvases = {
        name: [start(f"scale-{name.replace(' ', '-')}-{node}", n) for node, n in enumerate(verticles)]
        for name, verticles in verticles_of.items()
    }
    testbed.run_interleaved(comparison, [side(name, nodes) for name, nodes in canvases.items()])
    comparison.notes += [forecast(comparison, name, sum(verticles)) for name, verticles in verticles_of.items()]
    for node in (node for nodes in canvases.values() for node in nodes):
        testbed.sandbox.stop(node.server)
    return [comparison]


SCALING_SCENARIOS: dict[str, Callable[[Testbed], list[Comparison]]] = {"scale": scale}


def forecast(comparison: Comparison, side: str, verticles: int) -> str:
    """What docs/capacity.md forecasts from the CPU time per request of the subject, and what was measured."""
    cores = len(os.sched_getaffinity(0))

    def micros(part: str) -> float:
        return middle(figures.cpu_of(part)(one) for one in comparison.rounds_of(SUBJECT))

    by_loops = min(verticles, cores) / micros("service")
    by_machine = cores / (micros("servers") + micros("load"))
    rate = 1e6 * min(by_loops, by_machine)
    measured = middle(one.requests_per_second for one in comparison.rounds_of(side))
    limit = "its event loops" if by_loops < by_machine else f"all {cores} cores, with the load generator"
    return f"{side}: forecast {rate:,.0f}/s ({limit}), measured {measured:,.0f}/s, {measured / rate:.2f} of it"


def middle(values: Iterable[float]) -> float:
    """The median; at least a little, so that it can be divided by."""
    return max(1e-9, median(values))
