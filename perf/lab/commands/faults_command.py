"""The command line of perf/faults."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lab.commands.command_line import QUICK_HELP, REPEATABLE, finish, positive, run
from lab.generators.closed_loop import Clients
from lab.harness.processes import Sandbox
from lab.measuring.fault_result import FaultResult
from lab.report import environment, faults_table
from lab.report.progress import Progress
from lab.scenarios.fault_run import POSTGRES_SETTINGS, FaultRunner, Timing
from lab.scenarios.failover import master_killed
from lab.scenarios.faults import FAULT_SCENARIOS
from lab.scenarios.nodes import node_killed, nodes_restarted
from lab.scenarios.testbed import CACHED_PRODUCTS, Plan, Testbed
from lab.servers.canvas import check_built

SCENARIOS: dict[str, Callable[[FaultRunner], FaultResult]] = {
    **FAULT_SCENARIOS,
    "R20": partial(master_killed, near_cache=False),
    "R20-near": partial(master_killed, near_cache=True),
    "R5": node_killed,
    "R6": nodes_restarted,
}

QUICK_TIMING = Timing(warm_up=1, lead_in=1, before=2, fault=2, after=4, rate=200)


def parse_arguments() -> tuple[Plan, Timing, Path | None]:
    """Parses the command line; the plan, the timing, and the output file if one is given."""
    parser = argparse.ArgumentParser(
        prog="perf/faults",
        description="Measures what readers notice while Redis, Postgres or a node is killed, frozen or restarted, at a given rate.",
        epilog="Exit status: 0 if all runs are valid, whether or not targets are met; 1 if some are not valid or the "
        "lab does not work.",
    )
    parser.add_argument(
        "--scenario", action="append", choices=SCENARIOS, help=f"only this scenario; {REPEATABLE}"
    )
    parser.add_argument("--rate", type=positive, help="reads per second (80 percent of the peak of cold reads)")
    parser.add_argument("--seconds", type=positive, default=10, help="duration of a fault in seconds (10)")
    parser.add_argument("--rows", type=positive, default=500_000, help="products in Postgres (500000)")
    parser.add_argument("--output", type=Path, help="the JSON file (perf/results/faults-<date>.json)")
    parser.add_argument("--quick", action="store_true", help=QUICK_HELP)
    given = parser.parse_args()
    rows = 20_000 if given.quick else given.rows
    plan = Plan(
        scenarios=tuple(given.scenario or SCENARIOS),
        peers=(),
        rounds=1,
        seconds=given.seconds,
        warm_up=0,
        lead_in=0,
        rows=rows,
        cached_products=min(CACHED_PRODUCTS, rows // 2),
        clients=Clients(64, 1),
        quick=given.quick,
    )
    timing = Timing(warm_up=5, lead_in=2, before=10, fault=given.seconds, after=10, rate=given.rate)
    return plan, QUICK_TIMING if given.quick else timing, given.output


def main() -> int:
    """Runs the command; the exit status."""
    plan, timing, output = parse_arguments()
    progress = Progress()
    return run("perf/faults", progress, lambda: measure(plan, timing, output, progress))


def measure(plan: Plan, timing: Timing, output: Path | None, progress: Progress) -> int:
    """Runs the scenarios of the plan; the exit status."""
    check_built()
    machine = environment.description()
    results: list[FaultResult] = []
    with Sandbox() as sandbox:
        testbed = Testbed(sandbox, plan, progress, long_timeouts=False, postgres_settings=POSTGRES_SETTINGS)
        runner = FaultRunner(testbed, timing)
        for name in plan.scenarios:
            results.append(SCENARIOS[name](runner))
            progress.clear()
            print(faults_table.as_text(results[-1], judged=not plan.quick), end="\n\n", flush=True)
    document = {
        "machine": machine,
        "rows": plan.rows,
        "results": [faults_table.as_json(result) for result in results],
    }
    finish("faults", document, output, quick=plan.quick)
    return 1 if any(result.errors for result in results) else 0
