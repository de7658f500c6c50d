"""S9 of perf/read: what it costs to watch Canvas, as CPU time per hot GET with other settings."""

from __future__ import annotations

from collections.abc import Callable

from lab.generators.wrk import RandomReads
from lab.measuring.comparison import Comparison, Target
from lab.scenarios.hot_reading import hot_products, hot_side
from lab.scenarios.testbed import Testbed
from lab.servers.trace_collector import TraceCollector

PLAIN = "canvas"


def monitoring(testbed: Testbed) -> list[Comparison]:
    """S9: more and less watching than by default, with several Canvases over the same products."""
    catalogue, products = testbed.large_with_near_cache, hot_products(testbed)
    comparison = Comparison(
        "S9",
        f"hot GET: {products:,} products, with the defaults, without metrics, with traces of 1% of the requests, "
        "with 1% of the answers verified, with an access log",
        PLAIN,
        targets=[
            Target("no metrics", 1.03, cpu_of="service"),
            Target(PLAIN, 1.08, cpu_of="service", side="tracing"),
            Target(PLAIN, 1.01, cpu_of="service", side="verified reads"),
        ],
    )
    with TraceCollector() as collector:
        settings = {
            "no metrics": {"CANVAS_METRICS_ENABLED": "false"},
            "tracing": {"CANVAS_TRACING_ENDPOINT": collector.endpoint, "CANVAS_TRACING_SAMPLE": "0.01"},
            "verified reads": {"CANVAS_VERIFY_SAMPLE": "0.01"},
            "access log": {"CANVAS_HTTP_ACCESS_LOG": "true"},
            "access log, JSON": {"CANVAS_HTTP_ACCESS_LOG": "true", "CANVAS_LOG_FORMAT": "json"},
        }
        sides = [hot_side(testbed, PLAIN, catalogue.canvas, RandomReads(products))]
        for name, more in settings.items():
            testbed.progress.show(f"starting Canvas with {name}")
            canvas = testbed.start_canvas(
                name.replace(", ", "-").replace(" ", "-"), catalogue.postgres_uri, catalogue.redis_uri,
                near_cache=True, settings=more,
            )  # fmt: skip
            canvas.await_ready()
            sides.append(hot_side(testbed, name, canvas, RandomReads(products)))
        testbed.run_interleaved(comparison, sides)
        comparison.notes.append(f"the collector has received {collector.received:,} batches of traces")
        for side in sides[1:]:
            if side.canvas is not None:
                testbed.sandbox.stop(side.canvas.server)
    return [comparison]


MONITORING_SCENARIOS: dict[str, Callable[[Testbed], list[Comparison]]] = {"S9": monitoring}
