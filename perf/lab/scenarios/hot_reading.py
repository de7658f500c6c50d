"""The scenarios of perf/read about hot products: beside shared caches, revalidated, and in batches."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable

from lab.generators.wrk import RandomBatches, RandomReads, Revalidations
from lab.harness.errors import LabError
from lab.measuring.comparison import Comparison, Target
from lab.measuring.rounds import Side
from lab.scenarios.reading import HOT_PRODUCTS, TOLERATED_REDIS_READS, sides_of, wrk_side
from lab.scenarios.testbed import Testbed
from lab.servers.caches import CACHE_NAMES
from lab.servers.canvas import Canvas, read_products

BATCH = 24


def cached_in_front(testbed: Testbed) -> list[Comparison]:
    """S13: hot GETs beside those from a shared cache, and 304 beside 200."""
    canvas, products = testbed.large_with_near_cache.canvas, hot_products(testbed)
    versions = testbed.sandbox.directory / "versions"
    read = read_products(canvas.port, products)
    versions.write_text("".join(f"{version}\n" for version in read))
    check_revalidation(canvas, read[0])
    comparison = Comparison(
        "S13",
        f"hot GET: {products:,} products, beside shared caches; 304 beside 200",
        "canvas",
        targets=[Target("nginx-cache-express", 1.0), Target("canvas", 1.15, side="canvas 304")],
        notes=["an answer of a shared cache may be two seconds old; the CPU of the service behind it is not counted"],
    )
    caches = [name for name in testbed.plan.peers if name in CACHE_NAMES]
    sides = [
        hot_side(testbed, "canvas", canvas, RandomReads(products)),
        hot_side(testbed, "canvas 304", canvas, Revalidations(products, versions)),
        *sides_of(testbed, caches, products),
    ]
    testbed.run_interleaved(comparison, sides)
    return [comparison]


def batches(testbed: Testbed) -> list[Comparison]:
    """S14: batches of hot products beside single GETs."""
    canvas, products = testbed.large_with_near_cache.canvas, hot_products(testbed)
    comparison = Comparison(
        "S14",
        f"GET of {BATCH} of {products:,} hot products in a batch, beside GETs of one",
        "batch",
        targets=[Target("canvas", 4.0, cpu_of="service")],
    )
    sides = [
        hot_side(testbed, "batch", canvas, RandomBatches(products, BATCH)),
        hot_side(testbed, "canvas", canvas, RandomReads(products)),
    ]
    testbed.run_interleaved(comparison, sides)
    return [comparison]


HOT_SCENARIOS: dict[str, Callable[[Testbed], list[Comparison]]] = {"S13": cached_in_front, "S14": batches}


def hot_products(testbed: Testbed) -> int:
    """How many products are hot."""
    return min(HOT_PRODUCTS, testbed.plan.rows)


def hot_side(testbed: Testbed, name: str, canvas: Canvas, requests: RandomReads) -> Side:
    """A Canvas that answers from its near cache."""
    products = hot_products(testbed)
    side = wrk_side(testbed, name, canvas, requests)
    # In a quick check, some products have not been requested often enough to be in the near cache.
    side.source = None if testbed.plan.quick else "near"
    side.tolerated_reads = TOLERATED_REDIS_READS
    side.prepare = lambda: canvas.read_products(products)
    return side


def check_revalidation(canvas: Canvas, version: str) -> None:
    """Fails unless product 1 of this version is answered 304: wrk counts 200 and 304 alike."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{canvas.port}/api/products/1/media", headers={"If-None-Match": f'"{version}"'}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            raise LabError(f"A GET of the current version was answered {response.status} instead of 304")
    except urllib.error.HTTPError as answer:
        if answer.code != 304:
            raise
