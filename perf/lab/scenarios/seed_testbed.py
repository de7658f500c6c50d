"""The servers of perf/seed, and loads of a whole catalogue into Postgres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lab.harness.errors import LabError
from lab.harness.processes import Sandbox
from lab.harness.programs import FinishedProgram, run, run_in_parallel
from lab.measuring.catalogue_loads import CatalogueLoad, CpuUse, with_cpu_use
from lab.report.progress import Progress
from lab.servers.canvas_seed import reported_seconds, run_seed
from lab.servers.postgres import Postgres
from lab.servers.redis import Redis

# Two streams for psql, as the seeder has.
STREAMS = 2

# With the memory that the seeder sets for its own key.
KEY = ("set maintenance_work_mem = '256MB'", "alter table peer_media add primary key (product_id)")
DATABASE = "canvas_seeded"

# Autovacuum as Debian has it: what it does to a table that was just loaded is a part of loading.
POSTGRES_SETTINGS = {"autovacuum": "on"}


@dataclass(frozen=True)
class SeedPlan:
    """What the command line asks for."""

    scenarios: tuple[str, ...]
    rounds: int
    rows: int
    batches: tuple[int, ...]
    couchdb_rows: int
    couchdb_batches: tuple[int, ...]
    quick: bool


class SeedTestbed:
    """The servers of a run, and loads into Postgres."""

    def __init__(self, sandbox: Sandbox, plan: SeedPlan, progress: Progress) -> None:
        self.sandbox, self.plan, self.progress = sandbox, plan, progress
        self._redis = Redis(sandbox)
        self._files: list[Path] = []

    @cached_property
    def postgres(self) -> Postgres:
        """The Postgres server, with an empty database."""
        self.progress.show("starting Postgres")
        postgres = Postgres(self.sandbox, POSTGRES_SETTINGS)
        postgres.create_database(DATABASE)
        return postgres

    def seed(self, *options: str, env: Mapping[str, str]) -> FinishedProgram:
        """Runs ./canvas seed to its end."""
        return run_seed({"CANVAS_REDIS_URI": self._redis.uri(0), "CANVAS_AUTH_MODE": "none", **env}, *options)

    def load_with_canvas(self, side: str, number: int, *options: str) -> CatalogueLoad:
        """Loads with ./canvas seed --truncate."""
        rows = self.plan.rows
        self._reset()
        env = {"CANVAS_POSTGRES_URI": self.postgres.uri(DATABASE)}
        finished, cpu = with_cpu_use(
            {"postgres": self.postgres.server.pid},
            lambda: self.seed("--rows", str(rows), "--truncate", *options, env=env),
        )
        self._check_rows("product_media")
        return CatalogueLoad(
            side, number, rows, finished.seconds, {"reported": reported_seconds(finished)},
            {"client": finished.cpu_seconds, **cpu.servers}, finished.peak_rss_mb, cpu.foreign, cpu.stolen,
        )  # fmt: skip

    def load_with_psql(self, number: int) -> CatalogueLoad:
        """Loads the same rows with psql's \\copy, in two streams, and makes the key."""
        self._reset()
        self.postgres.execute(
            DATABASE, "create table peer_media (like product_media including all excluding indexes)", "checkpoint"
        )
        copies = [self._psql(f"\\copy peer_media from '{file}'") for file in self._files]
        (copied, keyed), cpu = with_cpu_use(
            {"postgres": self.postgres.server.pid}, lambda: (run_in_parallel(copies), run(self._psql(*KEY)))
        )
        self._check_rows("peer_media")
        self.postgres.execute(DATABASE, "drop table peer_media")
        return self._psql_load(number, copied, keyed, cpu)

    def _psql_load(
        self, number: int, copied: list[FinishedProgram], keyed: FinishedProgram, cpu: CpuUse
    ) -> CatalogueLoad:
        started, all_copied = copied[0].started, max(one.ended for one in copied)
        return CatalogueLoad(
            "psql", number, self.plan.rows, keyed.ended - started,
            {"copy": all_copied - started, "key": keyed.ended - all_copied},
            {"client": sum(one.cpu_seconds for one in (*copied, keyed)), **cpu.servers},
            None, cpu.foreign, cpu.stolen,
        )  # fmt: skip

    def warm_up(self) -> None:
        """
        Loads once without measuring, and writes the rows to files for psql.

        The first load makes the segments of the write-ahead log, which Postgres reuses afterwards.
        """
        self.progress.show("warming up")
        self.load_with_canvas("warming up", 0)
        self.progress.show("writing the rows to files for psql")
        step = -(-self.plan.rows // STREAMS)
        folder = self.sandbox.make_folder("rows")
        self._files = [folder / f"{stream}.tsv" for stream in range(STREAMS)]
        run_in_parallel([
            self._psql(
                f"\\copy (select * from product_media where product_id > {step * stream}"
                f" and product_id <= {step * (stream + 1)} order by product_id) to '{file}'"
            )
            for stream, file in enumerate(self._files)
        ])  # fmt: skip

    def _psql(self, *statements: str) -> list[str]:
        return self.postgres.psql_statements(DATABASE, *statements)

    def _reset(self) -> None:
        """Lets every load begin alike: no rows, no dirty pages. The first load finds no table."""
        if self.postgres.query_number(DATABASE, "select count(*) from pg_class where relname = 'product_media'"):
            self.postgres.execute(DATABASE, "truncate product_media", "checkpoint")

    def _check_rows(self, table: str) -> None:
        counts = self.postgres.execute(DATABASE, f"select count(*), count(distinct product_id) from {table}").strip()
        if counts != f"{self.plan.rows}|{self.plan.rows}":
            raise LabError(f"{table} holds {counts} rows|products instead of {self.plan.rows} of each")
