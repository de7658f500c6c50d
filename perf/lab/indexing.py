"""perf/index: one lookup among the first service's rows without its index, with it, and through Canvas."""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from lab import machine
from lab.canvas import ROOT, Canvas, check_built
from lab.command import positive, run, write
from lab.loads import aligned
from lab.processes import LabError, Workshop
from lab.progress import Progress
from lab.stores import Postgres, Redis, RedisClient
from lab.timed import run_all

FIRST, OWN = "nike_canvas", "canvas_lookup"

# The first service's table, as it made it.
TABLE = """create table Shoe_Images (ID serial primary key, shoe_id int, img1 varchar(255), img2 varchar(255),
 img3 varchar(255), img4 varchar(255), img5 varchar(255), img6 varchar(255), img7 varchar(255),
 vid1 varchar(255), vid2 varchar(255))"""
ROWS = """insert into Shoe_Images (shoe_id, img1, img2, img3, img4, img5, img6, img7, vid1, vid2)
 select n, u || '1.jpg', u || '2.jpg', u || '3.jpg', u || '4.jpg', u || '5.jpg', u || '6.jpg', u || '7.jpg',
 u || '1.mp4', u || '2.mp4' from (select n, 'https://images.example/shoes/' || n || '/' as u
 from generate_series(1, {rows}) as n) as shoes"""
INDEX = "create index shoe_images_shoe_id on shoe_images(shoe_id)"
LOOKUP = "select * from shoe_images where shoe_id = {shoe}"

# A lookup that reads the whole table is not asked often.
SCANS = 5
LOOKUPS = 2_000


@dataclass
class Lookups:
    """How long single lookups took, one after the other."""

    name: str
    milliseconds: list[float]

    def cells(self) -> list[str]:
        """A line of the table."""
        ordered = sorted(self.milliseconds)
        p99 = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
        return [
            self.name, f"{len(ordered):,}", f"{median(ordered):,.3f}", f"{ordered[0]:,.3f}", f"{ordered[-1]:,.3f}",
            f"{p99:,.3f}" if len(ordered) >= 100 else "",
        ]  # fmt: skip


@dataclass
class Story:
    """What was measured."""

    rows: int
    table_mb: float = 0.0
    index_s: float = 0.0
    lookups: list[Lookups] = field(default_factory=list)

    def shown(self) -> str:
        """The table."""
        head = ["", "lookups", "median ms", "least", "greatest", "p99"]
        return "\n".join([
            f"index  one lookup among {self.rows:,} rows of Shoe_Images ({self.table_mb:,.0f} MB), one client",
            *aligned([head, *(one.cells() for one in self.lookups)]),
            f"  {INDEX}: {self.index_s:.1f} s",
        ])  # fmt: skip


def main() -> int:
    """Runs; the exit status."""
    parser = argparse.ArgumentParser(
        prog="perf/index",
        description="Measures one lookup among the first service's rows, without and with its index, and Canvas's.",
    )
    parser.add_argument("--rows", type=positive, default=10_000_000, help="rows (10000000)")
    parser.add_argument("--output", type=Path, help="the JSON file (perf/results/index-<date>.json)")
    parser.add_argument("--quick", action="store_true", help="only check that the laboratory works")
    given = parser.parse_args()
    progress = Progress()
    rows = 20_000 if given.quick else given.rows
    return run("perf/index", progress, lambda: measure(rows, given.output, progress, quick=given.quick))


def measure(rows: int, output: Path | None, progress: Progress, *, quick: bool) -> int:
    """Measures the three; the exit status."""
    check_built()
    described = machine.description()
    story = Story(rows)
    with Workshop() as workshop:
        postgres, redis = Postgres(workshop, {}), Redis(workshop)
        first(postgres, story, progress)
        # Their room on the disk is for Canvas's own.
        postgres.execute("postgres", f"drop database {FIRST}", "checkpoint")
        canvas(workshop, postgres, redis, story, progress, quick=quick)
    progress.end()
    print(story.shown(), flush=True)
    if quick:
        print("Not a measurement: this was a check that the laboratory works.")
    if output or not quick:
        document = {
            "measurement": not quick,
            "machine": described,
            "rows": rows,
            "table_mb": round(story.table_mb, 1),
            "index_s": round(story.index_s, 2),
            "lookups_ms": {one.name: [round(each, 4) for each in one.milliseconds] for one in story.lookups},
        }
        print(f"written to {write('index', document, output)}")
    return 0


def first(postgres: Postgres, story: Story, progress: Progress) -> None:
    """The first service's table, asked as it asked it."""
    progress.say(f"making {story.rows:,} rows of Shoe_Images")
    postgres.create_database(FIRST)
    postgres.execute(FIRST, TABLE, ROWS.format(rows=story.rows), "vacuum (analyze) shoe_images", "checkpoint")
    story.table_mb = postgres.query(FIRST, "select pg_table_size('shoe_images')") / 1e6
    progress.say("lookups without the index")
    story.lookups.append(Lookups("without an index", timed(postgres, some_shoes(story.rows, SCANS))))
    progress.say("making the index")
    begun = time.monotonic()
    postgres.execute(FIRST, INDEX)
    story.index_s = time.monotonic() - begun
    progress.say("lookups with the index")
    story.lookups.append(Lookups("with shoe_images_shoe_id", timed(postgres, some_shoes(story.rows, LOOKUPS))))


def timed(postgres: Postgres, shoes: Sequence[int]) -> list[float]:
    """The milliseconds of a lookup each, as psql tells them, in one session; the first is to wake it."""
    statements = [LOOKUP.format(shoe=shoe) for shoe in (0, *shoes)]
    script = "\\timing on\n" + ";\n".join(statements) + ";\n"
    text = postgres.script(FIRST, script)
    if text.count("https://images.example/shoes/") < len(shoes):
        raise LabError("Some of the lookups found nothing")
    return [float(each) for each in re.findall(r"^Time: ([\d.]+) ms", text, re.MULTILINE)][1:]


def canvas(
    workshop: Workshop, postgres: Postgres, redis: Redis, story: Story, progress: Progress, *, quick: bool
) -> None:
    """As many products in Canvas, asked by the first service's route."""
    progress.say(f"loading {story.rows:,} products into Canvas")
    postgres.create_database(OWN)
    stores = {"CANVAS_POSTGRES_URI": postgres.uri(OWN), "CANVAS_REDIS_URI": redis.uri(0)}
    run_all([[str(ROOT / "canvas"), "seed", "--rows", str(story.rows), "--truncate"]], env=stores)
    progress.say("lookups through Canvas")
    service = Canvas(workshop, "canvas", postgres.uri(OWN), redis.uri(0), near=False, patient=quick)
    service.await_ready()
    shoes = some_shoes(story.rows, 2 * LOOKUPS)
    # The virtual machine compiles what is hot meanwhile.
    asked(service, shoes[:LOOKUPS])
    RedisClient(redis, 0).clear()
    shoes = shoes[LOOKUPS:]
    story.lookups.append(Lookups("Canvas, from Postgres", asked(service, shoes, "database")))
    story.lookups.append(Lookups("Canvas, from Redis", asked(service, shoes, "cache")))


def asked(service: Canvas, shoes: Sequence[int], source: str | None = None) -> list[float]:
    """The milliseconds of a GET each, on one connection; nearly all have to come from that source."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    milliseconds, strays = [], 0
    for shoe in shoes:
        begun = time.perf_counter()
        connection.request("GET", f"/api/images?shoe_id={shoe}")
        answer = connection.getresponse()
        body = answer.read()
        milliseconds.append(1_000 * (time.perf_counter() - begun))
        if answer.status != 200:
            raise LabError(f"Canvas answered {answer.status} for {shoe}: {body[:200]!r}")
        strays += source is not None and json.loads(body)["source"] != source
    connection.close()
    if strays > len(shoes) // 100:
        raise LabError(f"{strays} of {len(shoes)} lookups were not answered from the {source}")
    return milliseconds


def some_shoes(rows: int, count: int) -> list[int]:
    """Random ones, none twice, where there are so many."""
    return random.sample(range(1, rows + 1), min(rows, count))
