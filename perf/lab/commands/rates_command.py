"""The command line of perf/rates."""

from __future__ import annotations

import argparse
import os
import resource
from pathlib import Path

from lab.commands.command_line import QUICK_HELP, REPEATABLE, finish, positive, run
from lab.generators.closed_loop import Clients
from lab.harness.processes import Sandbox
from lab.measuring.rate_point import RateCurve
from lab.report import drawing, environment, rate_charts, rates_table
from lab.report.progress import Progress
from lab.scenarios.rates import NAMES, Rates
from lab.scenarios.testbed import Plan, Testbed
from lab.servers.canvas import check_built


def parse_arguments() -> tuple[Plan, tuple[str, ...], Path | None, Path | None]:
    """Parses the command line: the plan, the services, the output file and the folder of the charts."""
    parser = argparse.ArgumentParser(
        prog="perf/rates",
        description="Measures the first service's table: its API at rising rates, until the service collapses.",
        epilog="Exit status: 0 if everything was measured, whatever the figures are; 1 if the lab does not work.",
    )
    parser.add_argument("--service", action="append", choices=NAMES, help=f"only this service; {REPEATABLE}")
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
        warm_up=0,
        lead_in=0,
        rows=2_000 if given.quick else given.rows,
        cached_products=1,
        clients=Clients(64, 1),
        quick=given.quick,
    )
    return plan, tuple(NAMES[name] for name in given.service or NAMES), given.output, given.charts


def main() -> int:
    """Runs the command; the exit status."""
    plan, services, output, charts = parse_arguments()
    progress = Progress()
    return run("perf/rates", progress, lambda: measure(plan, services, output, charts, progress))


def measure(plan: Plan, services: tuple[str, ...], output: Path | None, charts: Path | None, progress: Progress) -> int:
    """Measures the services; the exit status."""
    check_built()
    hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))
    machine = environment.description()
    cores = len(os.sched_getaffinity(0))
    curves: list[RateCurve] = []
    with Sandbox() as sandbox:
        testbed = Testbed(sandbox, plan, progress, long_timeouts=plan.quick)
        for curve in Rates(testbed, services).curves():
            curves.append(curve)
            progress.clear()
            print(rates_table.as_text(curve, cores), end="\n\n", flush=True)
    results = [rates_table.as_json(one) for one in curves]
    if charts is not None:
        for name in drawing.write(charts, rate_charts.charts(results)):
            print(f"drawn: {charts / name}.svg")
    document = {
        "machine": machine,
        "seconds": plan.seconds,
        "rows": plan.rows,
        "results": results,
    }
    finish("rates", document, output, quick=plan.quick)
    return 0
