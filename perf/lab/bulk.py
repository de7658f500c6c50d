"""The scenario of perf/bulk, by the name that its target has."""

from __future__ import annotations

import dataclasses
import json
import re
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lab.bench import Bench, Catalogue
from lab.canvas import ROOT
from lab.load import Outcome
from lab.measure import Side
from lab.processes import LabError, output_of
from lab.scenarios import Result, Target, interleaved
from lab.stores import USER, Postgres, postgres_program
from lab.writing import RELAY_SECONDS

STREAMS = 2
SEEDED = "canvas_seeded"

# Imports that warm Canvas up, beside the one that each side has.
WARM_IMPORTS = 3

# What is loaded by COPY as the seeder loads: a new table whose key is built afterwards.
COPIED = (
    "drop table if exists copied",
    "create table copied (product_id bigint not null, version bigint not null, media json,"
    " updated_at timestamptz not null default now())",
)
KEY = "alter table copied add primary key (product_id)"
DOCUMENT = """select '{"product_id":' || product_id || ',"media":' || media || '}' from product_media"""


def bulk(bench: Bench) -> list[Result]:
    """S6: a bulk import of ready documents, beside COPY of the same rows and beside the seeder."""
    catalogue = bench.written
    # A round is an import of all rows, however long it takes, and needs none before it.
    bench.plan = dataclasses.replace(bench.plan, lead_in=0)
    rows = catalogue.rows
    bench.progress.say("writing the rows and the documents to files")
    folder = bench.workshop.folder("rows")
    documents, copies = files(bench.postgres, catalogue, folder)
    bench.postgres.create_database(SEEDED)
    result = Result(
        "S6",
        f"bulk import: {rows:,} products of nine items, durable, in {STREAMS} streams",
        "canvas",
        targets=[Target("seed", 0.5), Target("copy", 0.45)],
        notes=[
            f"copy: {STREAMS} parallel psql \\copy of the same rows, and the primary key",
            "seed: what ./canvas seed --truncate says of as many generated products; its CPU is in load",
        ],
    )
    canvas = catalogue.canvas
    sides = [
        Side("canvas", Import(canvas.port, documents, rows), canvas.pid, canvas=canvas,
             prepare=lambda: settle(bench, catalogue)),
        Side("copy", Copy(bench.postgres, catalogue.name, copies, rows), None,
             prepare=lambda: settle(bench, catalogue)),
        Side("seed", Seed(bench.postgres.uri(SEEDED), bench.redis.uri(1), rows), None,
             prepare=lambda: settle(bench, catalogue)),
    ]  # fmt: skip
    for number in range(0 if bench.plan.quick else WARM_IMPORTS):
        # One import is soon over, and the virtual machine has not compiled what is hot.
        bench.progress.say(f"S6 import {number + 1}/{WARM_IMPORTS} before all others")
        bench.meter.warm_up(sides[0], bench.plan.warm_up)
    interleaved(bench, result, sides)
    return [result]


def files(postgres: Postgres, catalogue: Catalogue, folder: Path) -> tuple[list[Path], list[Path]]:
    """The products in as many files as there are streams: as documents, and as COPY has them."""
    documents, copies = [], []
    for stream in range(STREAMS):
        own = f"where product_id % {STREAMS} = {stream} order by product_id"
        document, copy = folder / f"{stream}.ndjson", folder / f"{stream}.copy"
        psql = psql_command(postgres, catalogue.name)
        output_of([*psql, "-o", str(document), "-c", f"{DOCUMENT} {own}"])
        output_of([
            *psql, "-c",
            f"\\copy (select product_id, version, media from product_media {own}) to '{copy}'",
        ])  # fmt: skip
        documents.append(document)
        copies.append(copy)
    return documents, copies


def psql_command(postgres: Postgres, database: str) -> list[str]:
    """psql without anybody's settings, to be given what to do."""
    return [postgres_program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
            "-p", str(postgres.port), "-U", USER, "-d", database]  # fmt: skip


def settle(bench: Bench, catalogue: Catalogue) -> None:
    """Has every round begin alike: nothing left to relay, no rows, clean pages, Redis empty."""
    deadline = time.monotonic() + RELAY_SECONDS
    while bench.postgres.execute(catalogue.name, "select 1 from media_outbox limit 1").strip():
        if time.monotonic() > deadline:
            raise LabError(f"The outbox is not empty {RELAY_SECONDS} s after the import")
        time.sleep(0.1)
    bench.postgres.execute(catalogue.name, "truncate product_media", "vacuum media_outbox", *COPIED, "checkpoint")
    catalogue.cache.clear()


def together(commands: Sequence[Sequence[str]]) -> tuple[list[str], float, float]:
    """Runs commands at the same time; what they wrote, the seconds, and their CPU time."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with ThreadPoolExecutor(len(commands)) as pool:
        texts = list(pool.map(output_of, commands))
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return texts, seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Import:
    """curl, sending files of documents and keeping the answers."""

    def __init__(self, port: int, documents: Sequence[Path], rows: int) -> None:
        self._documents, self._rows = documents, rows
        self._url = f"http://127.0.0.1:{port}/api/media/bulk"

    def run(self, seconds: int) -> Outcome:
        """Sends all, whatever time it takes."""
        answers = [document.with_suffix(".answers") for document in self._documents]
        _, took, cpu = together([
            ["curl", "-sS", "--fail", "-X", "POST", "-H", "Content-Type: application/x-ndjson",
             "-T", str(document), "-o", str(answer), self._url]
            for document, answer in zip(self._documents, answers, strict=True)
        ])  # fmt: skip
        made, others = 0, 0
        for answer in answers:
            with answer.open() as lines:
                for line in lines:
                    if '"status":201' in line:
                        made += 1
                    elif json.loads(line):
                        others += 1
        errors = {"lines of another status": others} if others else {}
        if made != self._rows:
            errors["lines not made"] = self._rows - made
        return Outcome(requests=made, seconds=took, errors=errors, cpu_seconds=cpu)


class Copy:
    """psql, copying files of rows in parallel; the key follows."""

    def __init__(self, postgres: Postgres, database: str, copies: Sequence[Path], rows: int) -> None:
        self._psql = psql_command(postgres, database)
        self._copies, self._rows = copies, rows

    def run(self, seconds: int) -> Outcome:
        """Copies all, whatever time it takes."""
        _, copied, copying = together([
            [*self._psql, "-c", f"\\copy copied (product_id, version, media) from '{file}'"]
            for file in self._copies
        ])  # fmt: skip
        _, built, building = together([[*self._psql, "-c", KEY]])
        return Outcome(requests=self._rows, seconds=copied + built, cpu_seconds=copying + building)


class Seed:
    """./canvas seed, into a database of its own."""

    def __init__(self, postgres_uri: str, redis_uri: str, rows: int) -> None:
        self._command = [
            "env", f"CANVAS_POSTGRES_URI={postgres_uri}", f"CANVAS_REDIS_URI={redis_uri}",
            str(ROOT / "canvas"), "seed", "--truncate", "--rows", str(rows),
        ]  # fmt: skip
        self._rows = rows

    def run(self, seconds: int) -> Outcome:
        """Loads all; the seconds are its own, without the start of the JVM."""
        (text,), _, cpu = together([self._command])
        told = re.search(r"in ([\d.]+) s \(", text)
        if told is None:
            raise LabError(f"./canvas seed gave no figure:\n{text.strip()[-800:]}")
        return Outcome(requests=self._rows, seconds=float(told[1]), cpu_seconds=cpu)


BULK: dict[str, Callable[[Bench], list[Result]]] = {"S6": bulk}
