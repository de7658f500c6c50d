"""The scenario of perf/write, by the name that its target has."""

from __future__ import annotations

import time
from collections.abc import Callable

from lab.bench import Bench, Catalogue
from lab.load import RandomPuts, Wrk
from lab.measure import Side
from lab.pgbench import Pgbench
from lab.processes import LabError
from lab.scenarios import Result, Target, interleaved
from lab.stores import MEDIA_TEMPLATE

# The same rows without the trigger that fills the outbox.
PEER_TABLE = (
    "create table peer_media (like product_media including all)",
    "insert into peer_media select * from product_media",
    "vacuum (analyze) peer_media",
)
UPSERT = """\\set id random(1, {rows})
insert into peer_media (product_id, media) values (:id, :media)
on conflict (product_id) do update set media = excluded.media, version = nextval('media_version');
"""

# As long as those that put.lua makes are on average.
NAME = "0123456789" * 2

# The relay is given so long to repair what the round before has left.
RELAY_SECONDS = 60


def put(bench: Bench) -> list[Result]:
    """S4: PUTs of random products, beside upserts of pgbench."""
    catalogue, plan = bench.written, bench.plan
    bench.progress.say("copying the rows for pgbench")
    bench.postgres.execute(catalogue.name, *PEER_TABLE)
    result = Result(
        "S4",
        f"PUT of random products: {catalogue.rows:,} rows, nine items each, durable",
        "canvas",
        targets=[Target("pgbench", 1.0)],
        notes=["CPU of postgres under pgbench holds the start of its connections, once a round"],
    )

    def prepare() -> None:
        settle(bench, catalogue)

    canvas = catalogue.canvas
    wrk = Wrk(canvas.port, RandomPuts(catalogue.rows), plan.clients)
    upserts = Pgbench(
        bench.postgres, catalogue.name, UPSERT.format(rows=catalogue.rows), plan.clients,
        {"media": document(catalogue.rows // 2)},
    )  # fmt: skip
    sides = [
        Side("canvas", wrk, canvas.pid, canvas=canvas, writers=plan.clients.connections, prepare=prepare),
        Side("pgbench", upserts, None, prepare=prepare),
    ]
    interleaved(bench, result, sides)
    return [result]


def document(product: int) -> str:
    """The items of a product with a name of middle length."""
    return MEDIA_TEMPLATE.read_text().replace("\n", "").replace("@p", str(product)).replace("@n", NAME)


def settle(bench: Bench, catalogue: Catalogue) -> None:
    """Has every round begin alike: nothing left to repair, no dead rows, clean pages, Redis empty."""
    deadline = time.monotonic() + RELAY_SECONDS
    while bench.postgres.execute(catalogue.name, "select 1 from media_outbox limit 1").strip():
        if time.monotonic() > deadline:
            raise LabError(f"The outbox is not empty {RELAY_SECONDS} s after the writes")
        time.sleep(0.1)
    tables = ("product_media", "peer_media", "media_outbox")
    bench.postgres.execute(catalogue.name, *(f"vacuum {table}" for table in tables), "checkpoint")
    catalogue.cache.clear()


WRITING: dict[str, Callable[[Bench], list[Result]]] = {"S4": put}
