"""The scenarios of perf/seed: ./canvas seed beside psql, in batches of several sizes, and into CouchDB."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab.canvas import ROOT
from lab.loads import Load, Loads, measured
from lab.pouch import BareLoop, Pouch
from lab.processes import LabError, Workshop
from lab.progress import Progress
from lab.stores import USER, Postgres, Redis, postgres_program
from lab.timed import Ended, run_all

# Two streams, as there are two cores; the seeder has as many.
STREAMS = 2
BATCHES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
COUCHDB_BATCHES = (1_000, 2_000, 5_000, 10_000)
COUCHDB_ROWS = 100_000

# 469.6 s for 10,000,000.
FIRST_SERVICE = 10_000_000 / 469.6

# As the seeder sets it for its own key.
KEY = ("set maintenance_work_mem = '256MB'", "alter table peer_media add primary key (product_id)")
DATABASE = "canvas_seeded"

# Autovacuum as Debian has it: what it does to a table that was just loaded is a part of loading.
POSTGRES_SETTINGS = {"autovacuum": "on"}


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line."""

    scenarios: tuple[str, ...]
    rounds: int
    rows: int
    batches: tuple[int, ...]
    couchdb_rows: int
    couchdb_batches: tuple[int, ...]
    quick: bool


class Seeding:
    """The servers of a run, and loads into them."""

    def __init__(self, workshop: Workshop, wish: Wish, progress: Progress) -> None:
        self.workshop, self.wish, self.progress = workshop, wish, progress
        self.redis = Redis(workshop)
        self._postgres: Postgres | None = None
        self._files: list[Path] = []

    @property
    def postgres(self) -> Postgres:
        """The one Postgres server, with an empty database."""
        if self._postgres is None:
            self.progress.say("starting Postgres")
            self._postgres = Postgres(self.workshop, POSTGRES_SETTINGS)
            self._postgres.create_database(DATABASE)
        return self._postgres

    def seed(self, *options: str, env: dict[str, str] | None = None) -> Ended:
        """Runs ./canvas seed to its end."""
        stores = {"CANVAS_REDIS_URI": self.redis.uri(0), "CANVAS_AUTH_MODE": "none", **(env or {})}
        return run_all([[str(ROOT / "canvas"), "seed", *options]], env=stores)[0]

    def into_postgres(self, side: str, number: int, *options: str) -> Load:
        """Loads by ./canvas seed --truncate."""
        rows = self.wish.rows
        self._clear()
        env = {"CANVAS_POSTGRES_URI": self.postgres.uri(DATABASE)}
        ended, used, disturbed = measured(
            {"postgres": self.postgres.server.pid},
            lambda: self.seed("--rows", str(rows), "--truncate", *options, env=env),
        )
        self._check("product_media")
        return Load(
            side, number, rows, ended.seconds, {"its own clock": own_clock(ended)},
            {"client": ended.cpu_seconds, **used}, ended.peak_rss_mb, disturbed.foreign, disturbed.stolen,
        )  # fmt: skip

    def by_psql(self, number: int) -> Load:
        """Loads the same rows by psql's \\copy, in two streams, and makes the key."""
        self._clear()
        self.postgres.execute(
            DATABASE, "create table peer_media (like product_media including all excluding indexes)", "checkpoint"
        )
        copies = [self._psql(f"\\copy peer_media from '{file}'") for file in self._files]

        def load() -> tuple[list[Ended], list[Ended]]:
            return run_all(copies), run_all([self._psql(*KEY)])

        (copied, keyed), used, disturbed = measured({"postgres": self.postgres.server.pid}, load)
        self._check("peer_media")
        begun, loaded, ended = copied[0].begun, max(one.ended for one in copied), keyed[0].ended
        self.postgres.execute(DATABASE, "drop table peer_media")
        return Load(
            "psql", number, self.wish.rows, ended - begun, {"copy": loaded - begun, "key": ended - loaded},
            {"client": sum(one.cpu_seconds for one in (*copied, *keyed)), **used},
            None, disturbed.foreign, disturbed.stolen,
        )  # fmt: skip

    def warm_up(self) -> None:
        """
        Loads once without measuring, so that the log's files are there, which Postgres uses again and again; and
        writes the rows into files for psql.
        """
        self.progress.say("warming up")
        self.into_postgres("warming up", 0)
        self.progress.say("writing the rows into files for psql")
        step = -(-self.wish.rows // STREAMS)
        folder = self.workshop.folder("rows")
        self._files = [folder / f"{stream}.tsv" for stream in range(STREAMS)]
        run_all([
            self._psql(
                f"\\copy (select * from product_media where product_id > {step * stream}"
                f" and product_id <= {step * (stream + 1)} order by product_id) to '{file}'"
            )
            for stream, file in enumerate(self._files)
        ])  # fmt: skip

    def _psql(self, *statements: str) -> list[str]:
        return [
            postgres_program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
            "-p", str(self.postgres.port), "-U", USER, "-d", DATABASE,
            *(word for each in statements for word in ("-c", each)),
        ]  # fmt: skip

    def _clear(self) -> None:
        """Has every load begin alike: nothing there, and nothing left to write to the disk."""
        if self.postgres.query(DATABASE, "select count(*) from pg_class where relname = 'product_media'"):
            self.postgres.execute(DATABASE, "truncate product_media", "checkpoint")

    def _check(self, table: str) -> None:
        counts = self.postgres.execute(DATABASE, f"select count(*), count(distinct product_id) from {table}").strip()
        if counts != f"{self.wish.rows}|{self.wish.rows}":
            raise LabError(f"{table} holds {counts} rows and products instead of {self.wish.rows} of each")


def own_clock(ended: Ended) -> float:
    """How long the load took by the seeder's own clock."""
    found = re.search(r"^Done: .* in ([\d.]+) s", ended.output, re.MULTILINE)
    if found is None:
        raise LabError(f"./canvas seed did not say that it is done: {ended.output[-800:]}")
    return float(found[1])


def postgres(seeding: Seeding) -> list[Loads]:
    """S5: a new catalogue, its key included, beside two parallel \\copy of the same rows."""
    wish = seeding.wish
    result = Loads(
        "S5", f"{wish.rows:,} products into Postgres, key included", "canvas seed", "psql", 0.9,
        notes=[
            "canvas seed is the whole command: the start of its JVM, the swap of the catalogue, and what is told to the caches too; no near cache is there to be waited for",
            f"7 × the first service's rate is {7 * FIRST_SERVICE:,.0f} products/s (10,000,000 in 67 s)",
        ],
    )  # fmt: skip
    seeding.warm_up()
    for number in range(1, wish.rounds + 1):
        noted(seeding, result, number, lambda number: seeding.into_postgres("canvas seed", number))
        noted(seeding, result, number, seeding.by_psql)
    return [result]


def batches(seeding: Seeding) -> list[Loads]:
    """The same with batches of several sizes."""
    wish = seeding.wish
    result = Loads("batch", f"{wish.rows:,} products into Postgres in batches", str(wish.batches[0]))
    for number in range(1, wish.rounds + 1):
        for batch in wish.batches:
            noted(
                seeding, result, number,
                lambda number, batch=batch: seeding.into_postgres(f"{batch:,}", number, "--batch", str(batch)),
            )  # fmt: skip
    return [result]


def couchdb(seeding: Seeding) -> list[Loads]:
    """CouchDB's protocol, in batches of several sizes, beside a loop that posts ready bodies."""
    wish = seeding.wish
    results = []
    loop: BareLoop | None = None
    for batch in wish.couchdb_batches:
        result = Loads(
            f"couchdb-{batch}", f"{wish.couchdb_rows:,} documents into express-pouchdb, {batch:,} a request",
            "canvas seed", "bare loop", 0.9,
            notes=["by the seeder's own clock, from its first product until the caches are told"],
        )  # fmt: skip
        for number in range(1, wish.rounds + 1):
            pouch = Pouch(seeding.workshop)
            try:
                noted(seeding, result, number, lambda number: into_couchdb(seeding, pouch, number, batch))
                loop = loop or BareLoop(pouch.documents())
            finally:
                pouch.stop()
            pouch = Pouch(seeding.workshop)
            try:
                noted(seeding, result, number, lambda number: by_loop(loop, pouch, number, batch))
            finally:
                pouch.stop()
        results.append(result)
    return results


def into_couchdb(seeding: Seeding, pouch: Pouch, number: int, batch: int) -> Load:
    """Loads by ./canvas seed."""
    rows = seeding.wish.couchdb_rows
    ended, used, disturbed = measured(
        {"server": pouch.pid},
        lambda: seeding.seed(
            "--store", "couchdb", "--rows", str(rows), "--truncate", "--batch", str(batch),
            env={"CANVAS_COUCHDB_URI": pouch.uri},
        ),
    )  # fmt: skip
    pouch.check(rows)
    return Load(
        "canvas seed", number, rows, own_clock(ended), {"whole command": ended.seconds},
        {"client": ended.cpu_seconds, **used}, ended.peak_rss_mb, disturbed.foreign, disturbed.stolen,
    )  # fmt: skip


def by_loop(loop: BareLoop, pouch: Pouch, number: int, batch: int) -> Load:
    """Loads the same documents, ready, one request after the other."""
    seconds, used, disturbed = measured({"server": pouch.pid}, lambda: loop.run(pouch, batch))
    pouch.check(loop.rows)
    return Load("bare loop", number, loop.rows, seconds, {}, used, None, disturbed.foreign, disturbed.stolen)


def noted(seeding: Seeding, result: Loads, number: int, load: Callable[[int], Load]) -> None:
    """Does one load."""
    seeding.progress.say(f"{result.name} round {number} …")
    done = load(number)
    result.loads.append(done)
    seeding.progress.say(f"{result.name} round {number} {done.side}: {done.seconds:.2f} s, {done.rate:,.0f}/s")


SEEDING: dict[str, Callable[[Seeding], list[Loads]]] = {"S5": postgres, "batch": batches, "couchdb": couchdb}


def room_mb(workshop: Workshop) -> float:
    """What is free where the servers have their data."""
    return shutil.disk_usage(workshop.directory).free / 1e6
