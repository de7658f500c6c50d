"""The scenarios of perf/seed: loading a catalogue beside psql, with several batch sizes, and into CouchDB."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lab.generators.bulk_docs import BulkDocsLoop
from lab.measuring.catalogue_loads import CatalogueLoad, LoadComparison, with_cpu_use
from lab.scenarios.seed_testbed import SeedTestbed
from lab.servers.canvas_seed import reported_seconds
from lab.servers.couchdb import CouchDb

BATCHES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
COUCHDB_BATCHES = (1_000, 2_000, 5_000, 10_000)
COUCHDB_ROWS = 100_000

# Products per second of the Node service that Canvas succeeds: 10,000,000 in 469.6 s.
FIRST_SERVICE_RATE = 10_000_000 / 469.6


def postgres(testbed: SeedTestbed) -> list[LoadComparison]:
    """S5: a new catalogue including its key, beside two parallel \\copy of the same rows."""
    plan = testbed.plan
    comparison = LoadComparison(
        "S5", f"{plan.rows:,} products into Postgres, including the key", "canvas seed", "psql", 0.9,
        notes=[
            "canvas seed is the whole command: it includes the start of its JVM, the swap of the catalogue and the "
            "notification of the caches",
            "no near cache runs beside it, because it would have to wait for it",
            f"7 × the first service's rate is {7 * FIRST_SERVICE_RATE:,.0f} products/s (10,000,000 in 67 s)",
        ],
    )  # fmt: skip
    testbed.warm_up()
    for number in range(1, plan.rounds + 1):
        run_load(testbed, comparison, number, partial(testbed.load_with_canvas, "canvas seed", number))
        run_load(testbed, comparison, number, partial(testbed.load_with_psql, number))
    return [comparison]


def batches(testbed: SeedTestbed) -> list[LoadComparison]:
    """The same with several sizes of batches."""
    plan = testbed.plan
    comparison = LoadComparison("batch", f"{plan.rows:,} products into Postgres in batches", str(plan.batches[0]))
    for number in range(1, plan.rounds + 1):
        for batch in plan.batches:
            load = partial(testbed.load_with_canvas, f"{batch:,}", number, "--batch", str(batch))
            run_load(testbed, comparison, number, load)
    return [comparison]


def couchdb(testbed: SeedTestbed) -> list[LoadComparison]:
    """CouchDB's protocol with several sizes of batches, beside a loop that posts ready bodies."""
    plan = testbed.plan
    comparisons = []
    loop: BulkDocsLoop | None = None
    for batch in plan.couchdb_batches:
        comparison = LoadComparison(
            f"couchdb-{batch}",
            f"{plan.couchdb_rows:,} documents into express-pouchdb, {batch:,} per request",
            "canvas seed", "bare loop", 0.9,
            notes=["by the time that the seeder reports, from its first product until the caches are notified"],
        )  # fmt: skip
        for number in range(1, plan.rounds + 1):
            server = CouchDb(testbed.sandbox)
            try:
                run_load(testbed, comparison, number, partial(seed_couchdb, testbed, server, number, batch))
                loop = loop or BulkDocsLoop(server.documents())
            finally:
                server.stop()
            server = CouchDb(testbed.sandbox)
            try:
                run_load(testbed, comparison, number, partial(run_loop, loop, server, number, batch))
            finally:
                server.stop()
        comparisons.append(comparison)
    return comparisons


def seed_couchdb(testbed: SeedTestbed, server: CouchDb, number: int, batch: int) -> CatalogueLoad:
    """Loads with ./canvas seed."""
    rows = testbed.plan.couchdb_rows
    finished, cpu = with_cpu_use(
        {"server": server.pid},
        lambda: testbed.seed(
            "--store", "couchdb", "--rows", str(rows), "--truncate", "--batch", str(batch),
            env={"CANVAS_COUCHDB_URI": server.uri},
        ),
    )  # fmt: skip
    server.check_products(rows)
    return CatalogueLoad(
        "canvas seed", number, rows, reported_seconds(finished), {"whole command": finished.seconds},
        {"client": finished.cpu_seconds, **cpu.servers}, finished.peak_rss_mb, cpu.foreign, cpu.stolen,
    )  # fmt: skip


def run_loop(loop: BulkDocsLoop, server: CouchDb, number: int, batch: int) -> CatalogueLoad:
    """Loads the same documents, one request after another."""
    seconds, cpu = with_cpu_use({"server": server.pid}, lambda: loop.run(server, batch))
    server.check_products(loop.rows)
    return CatalogueLoad("bare loop", number, loop.rows, seconds, {}, cpu.servers, None, cpu.foreign, cpu.stolen)


def run_load(testbed: SeedTestbed, comparison: LoadComparison, number: int, load: Callable[[], CatalogueLoad]) -> None:
    """Runs one load and keeps its figures."""
    step = f"{comparison.name} round {number}"
    testbed.progress.show(f"{step} …")
    done = load()
    comparison.loads.append(done)
    testbed.progress.show(f"{step} {done.side}: {done.seconds:.2f} s, {done.rate:,.0f}/s")


SEED_SCENARIOS: dict[str, Callable[[SeedTestbed], list[LoadComparison]]] = {
    "S5": postgres,
    "batch": batches,
    "couchdb": couchdb,
}
