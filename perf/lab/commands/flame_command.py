"""The command line of perf/flame."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from lab.commands.command_line import QUICK_HELP, positive, run
from lab.generators.closed_loop import Clients
from lab.generators.wrk import RandomReads
from lab.harness.processes import Sandbox
from lab.measuring.rounds import Side
from lab.report.progress import Progress
from lab.report.result_file import RESULTS
from lab.scenarios.hot_reading import hot_products, hot_side
from lab.scenarios.reading import cached_side
from lab.scenarios.testbed import CACHED_PRODUCTS, Plan, Testbed
from lab.scenarios.writing import put_side
from lab.servers.canvas import check_built, java_options
from lab.servers.profiler import JVM_OPTIONS, Profiler


def hot(testbed: Testbed) -> Side:
    """S1: hot GETs."""
    return hot_side(testbed, "canvas", testbed.large_with_near_cache.canvas, RandomReads(hot_products(testbed)))


def cached(testbed: Testbed) -> Side:
    """S2: GETs from Redis."""
    return cached_side(testbed, "canvas", testbed.large)


SCENARIOS: dict[str, Callable[[Testbed], Side]] = {"S1": hot, "S2": cached, "S4": put_side}
EVENTS = ("cpu", "alloc", "lock")


def main() -> int:
    """Runs the command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="perf/flame",
        description="Draws a flame graph of Canvas under the load of a scenario: a page that needs no other file.",
    )
    parser.add_argument("--scenario", choices=SCENARIOS, default="S1", help="the load (S1)")
    parser.add_argument("--event", choices=EVENTS, default="cpu", help="what is sampled (cpu)")
    parser.add_argument("--seconds", type=positive, default=20, help="how long samples are taken (20)")
    parser.add_argument("--warm-up", type=positive, default=20, help="seconds of load before that (20)")
    parser.add_argument("--output", type=Path, help="the page (perf/results/flame-<scenario>-<event>.html)")
    parser.add_argument("--quick", action="store_true", help=QUICK_HELP)
    given = parser.parse_args()
    plan = Plan(
        scenarios=(given.scenario,),
        peers=(),
        rounds=1,
        seconds=1 if given.quick else given.seconds,
        warm_up=1 if given.quick else given.warm_up,
        lead_in=0,
        rows=2_000 if given.quick else CACHED_PRODUCTS,
        cached_products=CACHED_PRODUCTS,
        clients=Clients(8 if given.quick else 64, 1),
        quick=given.quick,
    )
    page = (given.output or RESULTS / f"flame-{given.scenario}-{given.event}.html").resolve()
    progress = Progress()
    return run("perf/flame", progress, lambda: draw(plan, given.event, page, progress))


def draw(plan: Plan, event: str, page: Path, progress: Progress) -> int:
    """Runs the load and writes the page; the exit status."""
    check_built()
    page.parent.mkdir(parents=True, exist_ok=True)
    name = plan.scenarios[0]
    options = " ".join([*java_options(), JVM_OPTIONS])
    with Sandbox() as sandbox:
        testbed = Testbed(
            sandbox, plan, progress, long_timeouts=plan.quick, canvas_settings={"CANVAS_JAVA_OPTS": options}
        )
        side = SCENARIOS[name](testbed)
        assert side.canvas is not None
        progress.show(f"{name} warming up")
        testbed.meter.warm_up(side, plan.warm_up)
        profiler = Profiler(side.canvas.pid)
        progress.show(f"{name} taking samples of {event}")
        side.prepare()
        profiler.start(event)
        load = side.generator.run(plan.seconds)
        profiler.stop(page, f"{name} {event}")
        progress.clear()
    print(f"{name}: {load.requests / load.seconds:,.0f} requests/s while samples of {event} were taken")
    print(f"written to {page}")
    return 0
