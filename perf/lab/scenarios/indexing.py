"""The scenario of perf/index: one lookup among the first service's rows without its index, with it, and in Canvas."""

from __future__ import annotations

import http.client
import json
import random
import re
import time
from collections.abc import Sequence

from lab.harness.errors import LabError
from lab.harness.processes import Sandbox
from lab.measuring.lookups import IndexResult, Lookups
from lab.report.progress import Progress
from lab.servers.canvas import Canvas
from lab.servers.canvas_seed import run_seed
from lab.servers.postgres import Postgres
from lab.servers.redis import Redis, RedisClient

FIRST_SERVICE, CANVAS = "nike_canvas", "canvas_lookup"

# The table of the first service, as that service made it.
TABLE = """create table Shoe_Images (ID serial primary key, shoe_id int, img1 varchar(255), img2 varchar(255),
 img3 varchar(255), img4 varchar(255), img5 varchar(255), img6 varchar(255), img7 varchar(255),
 vid1 varchar(255), vid2 varchar(255))"""
ROWS = """insert into Shoe_Images (shoe_id, img1, img2, img3, img4, img5, img6, img7, vid1, vid2)
 select n, u || '1.jpg', u || '2.jpg', u || '3.jpg', u || '4.jpg', u || '5.jpg', u || '6.jpg', u || '7.jpg',
 u || '1.mp4', u || '2.mp4' from (select n, 'https://images.example/shoes/' || n || '/' as u
 from generate_series(1, {rows}) as n) as shoes"""
INDEX = "create index shoe_images_shoe_id on shoe_images(shoe_id)"
LOOKUP = "select * from shoe_images where shoe_id = {shoe}"

# A lookup without the index reads the whole table, so there are only a few of them.
SCANS = 5
LOOKUPS = 2_000


def measure_index(sandbox: Sandbox, rows: int, progress: Progress, *, quick: bool) -> IndexResult:
    """Measures the lookups in the first service's table, and then in Canvas."""
    result = IndexResult(rows, INDEX)
    postgres, redis = Postgres(sandbox), Redis(sandbox)
    measure_first_service(postgres, result, progress)
    # Canvas's table needs the disk space.
    postgres.execute("postgres", f"drop database {FIRST_SERVICE}", "checkpoint")
    measure_canvas(sandbox, postgres, redis, result, progress, quick=quick)
    return result


def measure_first_service(postgres: Postgres, result: IndexResult, progress: Progress) -> None:
    """Looks shoes up in the first service's table with its own select."""
    progress.show(f"making {result.rows:,} rows of Shoe_Images")
    postgres.create_database(FIRST_SERVICE)
    postgres.execute(FIRST_SERVICE, TABLE, ROWS.format(rows=result.rows), "vacuum (analyze) shoe_images", "checkpoint")
    result.table_mb = postgres.query_number(FIRST_SERVICE, "select pg_table_size('shoe_images')") / 1e6
    progress.show("lookups without the index")
    scans = look_up_in_psql(postgres, random_shoes(result.rows, SCANS))
    result.lookups.append(Lookups("without an index", scans))
    progress.show("making the index")
    started = time.monotonic()
    postgres.execute(FIRST_SERVICE, INDEX)
    result.index_s = time.monotonic() - started
    progress.show("lookups with the index")
    lookups = look_up_in_psql(postgres, random_shoes(result.rows, LOOKUPS))
    result.lookups.append(Lookups("with shoe_images_shoe_id", lookups))


def look_up_in_psql(postgres: Postgres, shoes: Sequence[int]) -> list[float]:
    """The milliseconds of each lookup as psql reports them, in one session. The first lookup only warms up."""
    statements = [LOOKUP.format(shoe=shoe) for shoe in (0, *shoes)]
    script = "\\timing on\n" + ";\n".join(statements) + ";\n"
    output = postgres.run_script(FIRST_SERVICE, script)
    if output.count("https://images.example/shoes/") < len(shoes):
        raise LabError("Some lookups found nothing")
    return [float(each) for each in re.findall(r"^Time: ([\d.]+) ms", output, re.MULTILINE)][1:]


def measure_canvas(
    sandbox: Sandbox, postgres: Postgres, redis: Redis, result: IndexResult, progress: Progress, *, quick: bool
) -> None:
    """Looks as many products up in Canvas, by the first service's route."""
    progress.show(f"loading {result.rows:,} products into Canvas")
    postgres.create_database(CANVAS)
    stores = {"CANVAS_POSTGRES_URI": postgres.uri(CANVAS), "CANVAS_REDIS_URI": redis.uri(0)}
    run_seed(stores, "--rows", str(result.rows), "--truncate")
    progress.show("lookups through Canvas")
    canvas = Canvas(sandbox, "canvas", postgres.uri(CANVAS), redis.uri(0), near_cache=False, long_timeouts=quick)
    canvas.await_ready()
    shoes = random_shoes(result.rows, 2 * LOOKUPS)
    # The first half lets the JVM compile the hot code.
    look_up_in_canvas(canvas, shoes[:LOOKUPS])
    RedisClient(redis, 0).clear()
    shoes = shoes[LOOKUPS:]
    result.lookups.append(Lookups("Canvas, from Postgres", look_up_in_canvas(canvas, shoes, "database")))
    result.lookups.append(Lookups("Canvas, from Redis", look_up_in_canvas(canvas, shoes, "cache")))


def look_up_in_canvas(canvas: Canvas, shoes: Sequence[int], source: str | None = None) -> list[float]:
    """The milliseconds of each GET, on one connection. At most 1% may come from another source than the given."""
    connection = http.client.HTTPConnection("127.0.0.1", canvas.port, timeout=30)
    milliseconds, unexpected = [], 0
    for shoe in shoes:
        started = time.perf_counter()
        connection.request("GET", f"/api/images?shoe_id={shoe}")
        response = connection.getresponse()
        body = response.read()
        milliseconds.append(1_000 * (time.perf_counter() - started))
        if response.status != 200:
            raise LabError(f"Canvas answered {response.status} for shoe {shoe}: {body[:200]!r}")
        unexpected += source is not None and json.loads(body)["source"] != source
    connection.close()
    if unexpected > len(shoes) // 100:
        raise LabError(f"{unexpected} of {len(shoes)} lookups were not answered from the {source}")
    return milliseconds


def random_shoes(rows: int, count: int) -> list[int]:
    """Random shoes without repeats; all of them if there are not as many."""
    return random.sample(range(1, rows + 1), min(rows, count))
