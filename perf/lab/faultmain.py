"""The command line of perf/faults."""

from __future__ import annotations

import argparse
from pathlib import Path

from lab import faulttable, machine
from lab.bench import CACHED_IDS, Bench, Plan
from lab.canvas import check_built
from lab.command import positive, run, write
from lab.faults import POSTGRES_SETTINGS, Faults, Timing
from lab.faultscenarios import SCENARIOS, Result
from lab.load import Clients
from lab.processes import Workshop
from lab.progress import Progress

QUICK = Timing(warm_up=1, lead_in=1, before=2, fault=2, after=4, rate=200)


def plan_of(arguments: list[str] | None = None) -> tuple[Plan, Timing, Path | None]:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        prog="perf/faults",
        description="Measures what readers notice while Redis or Postgres is killed or frozen, at a given rate.",
        epilog="Exit status: 0 all runs are valid, whether or not targets are hit; 1 some are not, or the "
        "laboratory does not work.",
    )
    parser.add_argument("--scenario", action="append", choices=SCENARIOS, help="only this one; may be repeated")
    parser.add_argument("--rate", type=positive, help="reads a second (80 per cent of the peak of cold reads)")
    parser.add_argument("--seconds", type=positive, default=10, help="how long a fault lasts (10)")
    parser.add_argument("--rows", type=positive, default=500_000, help="products in Postgres (500000)")
    parser.add_argument("--output", type=Path, help="the JSON file (perf/results/faults-<date>.json)")
    parser.add_argument("--quick", action="store_true", help="only check that the laboratory works")
    given = parser.parse_args(arguments)
    rows = 20_000 if given.quick else given.rows
    plan = Plan(
        scenarios=tuple(given.scenario or SCENARIOS),
        peers=(),
        rounds=1,
        seconds=given.seconds,
        warm_up=0,
        lead_in=0,
        rows=rows,
        cached_ids=min(CACHED_IDS, rows // 2),
        clients=Clients(64, 1),
        quick=given.quick,
    )
    timing = Timing(warm_up=5, lead_in=2, before=10, fault=given.seconds, after=10, rate=given.rate)
    return plan, QUICK if given.quick else timing, given.output


def main() -> int:
    """Runs what was asked for; the exit status."""
    plan, timing, output = plan_of()
    progress = Progress()
    return run("perf/faults", progress, lambda: measure(plan, timing, output, progress))


def measure(plan: Plan, timing: Timing, output: Path | None, progress: Progress) -> int:
    """Runs the scenarios of a plan; the exit status."""
    check_built()
    described = machine.description()
    results: list[Result] = []
    with Workshop() as workshop:
        bench = Bench(workshop, plan, progress, patient=False, postgres_settings=POSTGRES_SETTINGS)
        lab = Faults(bench, timing)
        for name in plan.scenarios:
            results.append(SCENARIOS[name](lab))
            progress.end()
            print(faulttable.shown(results[-1], judged=not plan.quick), end="\n\n", flush=True)
    if plan.quick:
        print("Not a measurement: this was a check that the laboratory works.")
    if output or not plan.quick:
        document = {
            "measurement": not plan.quick,
            "machine": described,
            "rows": plan.rows,
            "results": [faulttable.as_json(result) for result in results],
        }
        print(f"written to {write('faults', document, output)}")
    return 1 if any(result.errors for result in results) else 0
