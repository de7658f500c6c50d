"""The scenario of perf/bulk: a bulk import over HTTP beside COPY and beside the seeder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from lab.generators.closed_loop import LoadResult
from lab.harness import programs
from lab.measuring.comparison import Comparison, Target
from lab.measuring.rounds import Side
from lab.scenarios.testbed import Catalogue, Testbed
from lab.servers.canvas_seed import reported_seconds, run_seed
from lab.servers.postgres import Postgres

STREAMS = 2
SEEDED = "canvas_seeded"

# Imports that warm up Canvas, besides the one that each side has.
WARM_UP_IMPORTS = 3

# What COPY loads, as the seeder does: a new table whose key is made afterwards.
COPIED = (
    "drop table if exists copied",
    "create table copied (product_id bigint not null, version bigint not null, media json,"
    " updated_at timestamptz not null default now())",
)
KEY = "alter table copied add primary key (product_id)"
DOCUMENT = """select '{"product_id":' || product_id || ',"media":' || media || '}' from product_media"""


def bulk_import(testbed: Testbed) -> list[Comparison]:
    """S6: a bulk import of ready documents, beside COPY of the same rows and beside the seeder."""
    catalogue = testbed.writable
    rows = catalogue.rows
    testbed.progress.show("writing the rows and the documents to files")
    documents, copies = write_files(testbed.postgres, catalogue, testbed.sandbox.make_folder("rows"))
    testbed.postgres.create_database(SEEDED)
    comparison = Comparison(
        "S6",
        f"bulk import: {rows:,} products of nine items, durable, in {STREAMS} streams",
        "canvas",
        targets=[Target("seed", 0.5), Target("copy", 0.45)],
        notes=[
            f"copy: {STREAMS} parallel psql \\copy of the same rows, then the primary key",
            "seed: as many generated products, by the time that ./canvas seed --truncate reports; its CPU is in load",
        ],
    )

    def prepare() -> None:
        reset(testbed, catalogue)

    canvas = catalogue.canvas
    seeder = Seeder(testbed.postgres.uri(SEEDED), testbed.redis.uri(1), rows)
    sides = [
        Side("canvas", HttpImport(canvas.port, documents, rows), canvas.pid, canvas=canvas, prepare=prepare),
        Side("copy", Copy(testbed.postgres, catalogue.name, copies, rows), None, prepare=prepare),
        Side("seed", seeder, None, prepare=prepare),
    ]
    for number in range(0 if testbed.plan.quick else WARM_UP_IMPORTS):
        # A single import is too short for the JVM to compile the hot code.
        testbed.progress.show(f"S6 warm-up import {number + 1}/{WARM_UP_IMPORTS}")
        testbed.meter.warm_up(sides[0], testbed.plan.warm_up)
    # A round imports all rows, however long it takes, so it needs no lead-in.
    testbed.run_interleaved(comparison, sides, lead_in=False)
    return [comparison]


def write_files(postgres: Postgres, catalogue: Catalogue, folder: Path) -> tuple[list[Path], list[Path]]:
    """Writes the products to one file per stream: as documents, and in the format of COPY."""
    documents, copies = [], []
    for stream in range(STREAMS):
        selected = f"where product_id % {STREAMS} = {stream} order by product_id"
        document, copy = folder / f"{stream}.ndjson", folder / f"{stream}.copy"
        programs.output_of(postgres.psql(catalogue.name, "-o", str(document), "-c", f"{DOCUMENT} {selected}"))
        postgres.execute(
            catalogue.name, f"\\copy (select product_id, version, media from product_media {selected}) to '{copy}'"
        )
        documents.append(document)
        copies.append(copy)
    return documents, copies


def reset(testbed: Testbed, catalogue: Catalogue) -> None:
    """Lets every round begin alike: outbox empty, no rows, no dirty pages, Redis empty."""
    catalogue.await_empty_outbox()
    testbed.postgres.execute(catalogue.name, "truncate product_media", "vacuum media_outbox", *COPIED, "checkpoint")
    catalogue.cache.clear()


class HttpImport:
    """curl, which sends files of documents and keeps the responses."""

    def __init__(self, port: int, documents: Sequence[Path], rows: int) -> None:
        self._documents, self._rows = documents, rows
        self._url = f"http://127.0.0.1:{port}/api/media/bulk"

    def run(self, seconds: int) -> LoadResult:
        """Sends all documents, however long it takes."""
        responses = [document.with_suffix(".responses") for document in self._documents]
        finished = programs.run_in_parallel([
            ["curl", "-sS", "--fail", "-X", "POST", "-H", "Content-Type: application/x-ndjson",
             "-T", str(document), "-o", str(response), self._url]
            for document, response in zip(self._documents, responses, strict=True)
        ])  # fmt: skip
        created, others = 0, 0
        for response in responses:
            with response.open() as lines:
                for line in lines:
                    if '"status":201' in line:
                        created += 1
                    elif json.loads(line):
                        others += 1
        errors = {"lines with another status than 201": others} if others else {}
        if created != self._rows:
            errors["documents not created"] = self._rows - created
        return LoadResult(created, programs.elapsed(finished), errors, cpu_seconds=cpu_seconds(finished))


class Copy:
    """psql, which copies files of rows in parallel and then makes the key."""

    def __init__(self, postgres: Postgres, database: str, copies: Sequence[Path], rows: int) -> None:
        self._copies = [
            postgres.psql_statements(database, f"\\copy copied (product_id, version, media) from '{file}'")
            for file in copies
        ]
        self._key = postgres.psql_statements(database, KEY)
        self._rows = rows

    def run(self, seconds: int) -> LoadResult:
        """Copies all rows, however long it takes."""
        copied = programs.run_in_parallel(self._copies)
        keyed = [programs.run(self._key)]
        took = programs.elapsed(copied) + programs.elapsed(keyed)
        return LoadResult(self._rows, took, cpu_seconds=cpu_seconds([*copied, *keyed]))


class Seeder:
    """./canvas seed, into a database of its own."""

    def __init__(self, postgres_uri: str, redis_uri: str, rows: int) -> None:
        self._env = {"CANVAS_POSTGRES_URI": postgres_uri, "CANVAS_REDIS_URI": redis_uri}
        self._rows = rows

    def run(self, seconds: int) -> LoadResult:
        """Loads all rows; the seconds are those that it reports, without the start of its JVM."""
        finished = run_seed(self._env, "--truncate", "--rows", str(self._rows))
        return LoadResult(self._rows, reported_seconds(finished), cpu_seconds=finished.cpu_seconds)


def cpu_seconds(finished: Sequence[programs.FinishedProgram]) -> float:
    """The CPU time of some programs together."""
    return sum(one.cpu_seconds for one in finished)


BULK_SCENARIOS: dict[str, Callable[[Testbed], list[Comparison]]] = {"S6": bulk_import}
