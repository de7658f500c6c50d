"""The command line of perf/rates."""

from __future__ import annotations

import argparse
import os
import resource
from dataclasses import dataclass
from pathlib import Path

from lab.commands.command_line import QUICK_HELP, REPEATABLE, finish, positive, run
from lab.generators.closed_loop import Clients
from lab.harness.processes import Sandbox
from lab.measuring.rate_point import RateCurve
from lab.report import drawing, environment, rate_charts, rates_table
from lab.report.progress import Progress
from lab.scenarios.rates import KNEE_STEPS, NAMES, QUICK_CLIMB, RATES, Climb, Rates
from lab.scenarios.testbed import Plan, Testbed
from lab.servers.canvas import check_built


@dataclass(frozen=True)
class Options:
    """What only this command has."""

    services: tuple[str, ...]
    climb: Climb
    output: Path | None
    charts: Path | None
    """The folder of the charts."""


def parse_arguments() -> tuple[Plan, Options]:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="perf/rates",
        description="Measures the first service's table: its API at rising rates, until the service collapses.",
        epilog="Exit status: 0 if everything was measured, whatever the figures are; 1 if the lab does not work.",
    )
    parser.add_argument("--service", action="append", choices=NAMES, help=f"only this service; {REPEATABLE}")
    parser.add_argument(
        "--rate", action="append", type=positive, help=f"only this rate, and those of the search; {REPEATABLE}"
    )
    parser.add_argument(
        "--steps", type=int, default=KNEE_STEPS, help=f"steps of the search for the highest rate ({KNEE_STEPS})"
    )
    parser.add_argument("--warm-up", type=positive, default=8, help="seconds of each kind of request at first (8)")
    parser.add_argument("--seconds", type=positive, default=4, help="seconds at each rate (4)")
    parser.add_argument("--rows", type=positive, default=1_000_000, help="products in Postgres (1000000)")
    parser.add_argument("--output", type=Path, help="the JSON file (perf/results/rates-<date>.json)")
    parser.add_argument("--charts", type=Path, help="also draw the charts into this folder")
    parser.add_argument("--quick", action="store_true", help=QUICK_HELP)
    given = parser.parse_args()
    plan = Plan(
        scenarios=(),
        peers=(),
        rounds=1,
        seconds=1 if given.quick else given.seconds,
        warm_up=1 if given.quick else given.warm_up,
        lead_in=0,
        rows=2_000 if given.quick else given.rows,
        cached_products=1,
        clients=Clients(64, 1),
        quick=given.quick,
    )
    services = tuple(NAMES[name] for name in given.service or NAMES)
    climb = QUICK_CLIMB if given.quick else Climb(tuple(sorted(given.rate or RATES)), given.steps)
    return plan, Options(services, climb, given.output, given.charts)


def main() -> int:
    """Runs the command; the exit status."""
    plan, options = parse_arguments()
    progress = Progress()
    return run("perf/rates", progress, lambda: measure(plan, options, progress))


def measure(plan: Plan, options: Options, progress: Progress) -> int:
    """Measures the services; the exit status."""
    check_built()
    hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))
    machine = environment.description()
    cores = len(os.sched_getaffinity(0))
    curves: list[RateCurve] = []
    with Sandbox() as sandbox:
        testbed = Testbed(sandbox, plan, progress, long_timeouts=plan.quick)
        for curve in Rates(testbed, options.services, options.climb).curves():
            curves.append(curve)
            progress.clear()
            print(rates_table.as_text(curve, cores), end="\n\n", flush=True)
    results = [rates_table.as_json(one) for one in curves]
    if options.charts is not None:
        for name in drawing.write(options.charts, rate_charts.charts(results)):
            print(f"drawn: {options.charts / name}.svg")
    document = {
        "machine": machine,
        "seconds": plan.seconds,
        "rows": plan.rows,
        "results": results,
    }
    finish("rates", document, options.output, quick=plan.quick)
    return 0
