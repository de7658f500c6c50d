"""S16 of perf/read: the same jar on the newest Java of this machine, beside the Java that runs Canvas by default."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from lab.generators.wrk import RandomReads
from lab.measuring.comparison import Comparison, Target
from lab.scenarios.hot_reading import hot_products, hot_side
from lab.scenarios.reading import STARTS, start_seconds
from lab.scenarios.testbed import Testbed

INSTALLED = Path("/usr/lib/jvm")

# From here on the launcher uses the AOT cache and compact headers.
WANTED = 25


def releases(testbed: Testbed) -> list[Comparison]:
    """S16: starts in turn, and hot GETs, on both."""
    starts = Comparison("S16-start", "serve until /health/ready is 200, on a newer Java", "canvas")
    newest = newest_java()
    if newest is None:
        starts.notes.append(f"NOT MEASURED: {INSTALLED} has no Java {WANTED} or later")
        return [starts]
    release, home = newest
    settings = {"JAVA_HOME": str(home)}
    name = f"Java {release}"
    # The first start creates the AOT cache, which takes minutes on a busy machine.
    start_seconds(testbed, "first-start", settings, patience=300)
    by_default: list[float] = []
    for number in range(1, (1 if testbed.plan.quick else STARTS) + 1):
        by_default.append(start_seconds(testbed, f"default-start-{number}"))
        starts.starts_s.append(start_seconds(testbed, f"newer-start-{number}", settings))
        testbed.progress.show(f"S16 start {number}: {starts.starts_s[-1]:.2f} s, by default {by_default[-1]:.2f} s")
    starts.notes.append(f"{name}; in turn with the default: {sorted(by_default)[len(by_default) // 2]:.2f} s")
    starts.notes.append("target: ready within 0.8 s")

    catalogue, products = testbed.large_with_near_cache, hot_products(testbed)
    hot = Comparison(
        "S16-S1",
        f"hot GET: {products:,} products, near cache on, on {name} and on the default",
        name,
        targets=[Target("canvas", 1.0)],
    )
    canvas = testbed.start_canvas(
        "newer", catalogue.postgres_uri, catalogue.redis_uri, near_cache=True, settings=settings
    )
    canvas.await_ready()
    sides = [
        hot_side(testbed, name, canvas, RandomReads(products)),
        hot_side(testbed, "canvas", catalogue.canvas, RandomReads(products)),
    ]
    testbed.run_interleaved(hot, sides)
    testbed.sandbox.stop(canvas.server)
    return [starts, hot]


RELEASE_SCENARIOS: dict[str, Callable[[Testbed], list[Comparison]]] = {"S16": releases}


def newest_java() -> tuple[int, Path] | None:
    """The release and the home of the newest Java, if it is new enough."""
    found = []
    for file in INSTALLED.glob("*/release"):
        version = re.search(r'^JAVA_VERSION="(\d+)', file.read_text(), re.MULTILINE)
        if version and int(version[1]) >= WANTED:
            found.append((int(version[1]), file.parent))
    return max(found, default=None)
