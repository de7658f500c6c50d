"""S12 of perf/write: the mixed traffic of a shop, beside a JVM service as most teams would write it."""

from __future__ import annotations

from collections.abc import Callable

from lab.generators.wrk import ShopTraffic, Wrk
from lab.harness.processes import free_port
from lab.measuring.comparison import Comparison, Target
from lab.measuring.rounds import Side
from lab.scenarios.testbed import Testbed
from lab.servers import spring
from lab.servers.canvas import read_products
from lab.servers.peers import Peer, ready

PRODUCTS = 200_000
BATCH = 24

# The same rows, without the trigger that fills the outbox.
PEER_TABLE = (
    "create table spring_media (like product_media including all)",
    "insert into spring_media select * from product_media",
    "vacuum (analyze) spring_media",
)
TABLES = ("product_media", "spring_media", "media_outbox")


def shop_traffic(testbed: Testbed) -> list[Comparison]:
    """S12: reads, writes, batches and the first service's GETs, mostly of few products."""
    catalogue, plan = testbed.writable, testbed.plan
    products = min(PRODUCTS, catalogue.rows)
    peer = start_peer(testbed)
    for name, port in (("canvas", catalogue.canvas.port), (peer.name, peer.port)):
        testbed.progress.show(f"filling the caches of {name}")
        read_products(port, products)
    comparison = Comparison(
        "S12",
        f"75% GET, 15% PUT, 5% batches of {BATCH}, 5% GET of the first service's API: {products:,} products, Zipf",
        "canvas",
        # 1.5 times the requests per CPU second.
        targets=[Target(peer.name, 1 / 1.5, cpu_of="servers")],
        notes=["what canvas reads is never older than a confirmed write; what spring reads may be 200 ms old"],
    )

    def prepare() -> None:
        catalogue.await_empty_outbox()
        testbed.postgres.execute(catalogue.name, *(f"vacuum {table}" for table in TABLES), "checkpoint")

    traffic = ShopTraffic(products, BATCH)
    canvas = catalogue.canvas
    sides = [
        Side("canvas", Wrk(canvas.port, traffic, plan.clients), canvas.pid, canvas=canvas, prepare=prepare),
        Side(peer.name, Wrk(peer.port, traffic, plan.clients), peer.server.pid, prepare=prepare),
    ]
    testbed.run_interleaved(comparison, sides)
    testbed.sandbox.stop(peer.server)
    return [comparison]


MIXED_SCENARIOS: dict[str, Callable[[Testbed], list[Comparison]]] = {"S12": shop_traffic}


def start_peer(testbed: Testbed) -> Peer:
    """Starts the Spring peer over a table of its own with the same products."""
    catalogue = testbed.writable
    testbed.progress.show("copying the rows for spring")
    testbed.postgres.execute(catalogue.name, *PEER_TABLE)
    testbed.progress.show("starting spring")
    port = free_port()
    server = spring.start(
        testbed.sandbox, "spring", port, catalogue.postgres_uri, "spring_media", testbed.redis.port
    )
    return ready(Peer("spring", port, server, has_all=True))
