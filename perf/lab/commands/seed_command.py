"""The command line of perf/seed."""

from __future__ import annotations

import argparse
from pathlib import Path

from lab.commands.command_line import QUICK_HELP, REPEATABLE, finish, positive, run
from lab.harness.paths import ROOT
from lab.harness.processes import Sandbox
from lab.measuring.catalogue_loads import LoadComparison
from lab.report import charts, drawing, environment, loads_table
from lab.report.progress import Progress
from lab.scenarios.seed_testbed import SeedPlan, SeedTestbed
from lab.scenarios.seeding import BATCHES, COUCHDB_BATCHES, COUCHDB_ROWS, SEED_SCENARIOS
from lab.servers.canvas import check_built

PICTURE = "seed-batches"


def parse_arguments() -> tuple[SeedPlan, Path | None]:
    """Parses the command line; the plan, and the output file if one is given."""
    parser = argparse.ArgumentParser(
        prog="perf/seed",
        description="Measures loading a whole catalogue: S5 beside psql, several batch sizes, CouchDB.",
        epilog="Exit status: 0 if all loads were complete, 1 if some were not or the lab does not work.",
    )
    parser.add_argument("--scenario", action="append", choices=SEED_SCENARIOS, help=f"only this scenario; {REPEATABLE}")
    parser.add_argument("--rounds", type=positive, default=5, help="loads of each side (5)")
    parser.add_argument("--rows", type=positive, default=1_000_000, help="products in Postgres (1000000)")
    parser.add_argument("--batch", type=positive, action="append", help=f"only batches of this size; {REPEATABLE}")
    parser.add_argument("--output", type=Path, help="the JSON file (perf/results/seed-<date>.json)")
    parser.add_argument("--quick", action="store_true", help=QUICK_HELP)
    given = parser.parse_args()
    quick = given.quick
    batches = tuple(given.batch or ())
    return SeedPlan(
        scenarios=tuple(given.scenario or SEED_SCENARIOS),
        rounds=1 if quick else given.rounds,
        rows=5_000 if quick else given.rows,
        batches=(1_000, 5_000) if quick else batches or BATCHES,
        couchdb_rows=1_000 if quick else COUCHDB_ROWS,
        couchdb_batches=(500,) if quick else batches or COUCHDB_BATCHES,
        quick=quick,
    ), given.output


def main() -> int:
    """Runs the command; the exit status."""
    plan, output = parse_arguments()
    progress = Progress()
    return run("perf/seed", progress, lambda: measure(plan, output, progress))


def measure(plan: SeedPlan, output: Path | None, progress: Progress) -> int:
    """Runs the scenarios of the plan; the exit status."""
    check_built()
    machine = environment.description()
    comparisons: list[LoadComparison] = []
    with Sandbox() as sandbox:
        testbed = SeedTestbed(sandbox, plan, progress)
        for name in plan.scenarios:
            for comparison in SEED_SCENARIOS[name](testbed):
                comparisons.append(comparison)
                progress.clear()
                print(loads_table.as_text(comparison, judged=not plan.quick), end="\n\n", flush=True)
                if name == "batch" and not plan.quick:
                    draw_batches(comparison)
    document = {
        "machine": machine,
        "rounds": plan.rounds,
        "rows": plan.rows,
        "results": [comparison.as_json() for comparison in comparisons],
    }
    finish("seed", document, output, quick=plan.quick)
    return 0


def draw_batches(comparison: LoadComparison) -> None:
    """Draws the rates over the size of the batches into docs."""
    chart = charts.batch_rates([comparison.as_json()])
    if chart is not None:
        drawing.write(ROOT / "docs", {PICTURE: chart})
        print(f"chart written to docs/{PICTURE}.svg")
