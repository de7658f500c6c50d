"""The scenario of perf/write: durable PUTs beside pgbench."""

from __future__ import annotations

from collections.abc import Callable

from lab.generators.pgbench import Pgbench
from lab.generators.wrk import RandomWrites, Wrk
from lab.harness.paths import MEDIA_TEMPLATE
from lab.measuring.comparison import Comparison, Target
from lab.measuring.rounds import Side
from lab.scenarios.reading import PGBENCH_NOTE
from lab.scenarios.testbed import Catalogue, Testbed

# The same rows, without the trigger that fills the outbox.
PEER_TABLE = (
    "create table peer_media (like product_media including all)",
    "insert into peer_media select * from product_media",
    "vacuum (analyze) peer_media",
)
UPSERT = """\\set id random(1, {rows})
insert into peer_media (product_id, media) values (:id, :media)
on conflict (product_id) do update set media = excluded.media, version = nextval('media_version');
"""

# As long as the names in put.lua are on average.
NAME = "0123456789" * 2


def puts(testbed: Testbed) -> list[Comparison]:
    """S4: PUTs of random products, beside upserts by pgbench."""
    catalogue, plan = testbed.writable, testbed.plan
    testbed.progress.show("copying the rows for pgbench")
    testbed.postgres.execute(catalogue.name, *PEER_TABLE)
    comparison = Comparison(
        "S4",
        f"PUT of random products: {catalogue.rows:,} rows, nine items each, durable",
        "canvas",
        targets=[Target("pgbench", 1.0)],
        notes=[PGBENCH_NOTE],
    )

    upserts = Pgbench(
        testbed.postgres, catalogue.name, UPSERT.format(rows=catalogue.rows), plan.clients,
        {"media": media_of(catalogue.rows // 2)},
    )  # fmt: skip
    canvas = put_side(testbed)
    testbed.run_interleaved(comparison, [canvas, Side("pgbench", upserts, None, prepare=canvas.prepare)])
    return [comparison]


def put_side(testbed: Testbed) -> Side:
    """Canvas with PUTs of random products."""
    catalogue, clients = testbed.writable, testbed.plan.clients
    canvas = catalogue.canvas
    wrk = Wrk(canvas.port, RandomWrites(catalogue.rows), clients)
    side = Side("canvas", wrk, canvas.pid, canvas=canvas, writing_clients=clients.connections)
    side.prepare = lambda: reset(testbed, catalogue)
    return side


def media_of(product: int) -> str:
    """The items of a product with a name of average length."""
    return MEDIA_TEMPLATE.read_text().replace("\n", "").replace("@p", str(product)).replace("@n", NAME)


def reset(testbed: Testbed, catalogue: Catalogue) -> None:
    """Lets every round begin alike: outbox empty, no dead rows, no dirty pages, Redis empty."""
    catalogue.await_empty_outbox()
    testbed.postgres.execute(catalogue.name, "vacuum", "checkpoint")
    catalogue.cache.clear()


WRITE_SCENARIOS: dict[str, Callable[[Testbed], list[Comparison]]] = {"S4": puts}
