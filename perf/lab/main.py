"""The command line of perf/read."""

from __future__ import annotations

import argparse
from pathlib import Path

from lab import figures, machine, peers, table
from lab.bench import CACHED_IDS, Bench, Plan
from lab.canvas import check_built
from lab.command import positive, run, write
from lab.load import Clients
from lab.processes import Workshop
from lab.progress import Progress
from lab.scenarios import SCENARIOS, Result


def plan_of(arguments: list[str] | None = None) -> tuple[Plan, Path | None]:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        prog="perf/read",
        description="Measures reading from Canvas beside what its users would pick instead.",
        epilog="Exit status: 0 all rounds are valid; 1 some are not, or the laboratory does not work.",
    )
    parser.add_argument("--scenario", action="append", choices=SCENARIOS, help="only this one; may be repeated")
    parser.add_argument("--peer", action="append", choices=peers.NAMES, help="only this peer; may be repeated")
    parser.add_argument("--rounds", type=positive, default=5, help="rounds of each side (5)")
    parser.add_argument("--seconds", type=positive, default=8, help="seconds of a round (8)")
    parser.add_argument("--rows", type=positive, default=1_000_000, help="products in Postgres (1000000)")
    parser.add_argument("--connections", type=positive, default=64, help="clients that ask at once (64)")
    parser.add_argument("--threads", type=positive, default=1, help="threads of the load generator (1)")
    parser.add_argument("--output", type=Path, help="the JSON file (perf/results/read-<date>.json)")
    parser.add_argument("--quick", action="store_true", help="only check that the laboratory works")
    given = parser.parse_args(arguments)
    if given.connections < given.threads:
        parser.error("fewer connections than threads")
    # Few clients in a check: its servers are not warm, and slow answers would be failures.
    clients = Clients(8, 1) if given.quick else Clients(given.connections, given.threads)
    return Plan(
        scenarios=tuple(given.scenario or SCENARIOS),
        peers=tuple(given.peer or peers.NAMES),
        rounds=1 if given.quick else given.rounds,
        seconds=1 if given.quick else given.seconds,
        # Long enough for the virtual machine to have compiled what is hot.
        warm_up=1 if given.quick else 10,
        lead_in=0 if given.quick else 1,
        rows=2_000 if given.quick else given.rows,
        cached_ids=CACHED_IDS,
        clients=clients,
        quick=given.quick,
    ), given.output


def main() -> int:
    """Runs what was asked for; the exit status."""
    plan, output = plan_of()
    progress = Progress()
    return run("perf/read", progress, lambda: measure(plan, output, progress))


def measure(plan: Plan, output: Path | None, progress: Progress) -> int:
    """Runs the scenarios of a plan; the exit status."""
    check_built()
    described = machine.description()
    results: list[Result] = []
    with Workshop() as workshop:
        bench = Bench(workshop, plan, progress, patient=plan.quick)
        for name in plan.scenarios:
            for result in SCENARIOS[name](bench):
                results.append(result)
                progress.end()
                print(table.shown(result, judged=not plan.quick), end="\n\n", flush=True)
    if plan.quick:
        print("Not a measurement: this was a check that the laboratory works.")
    if output or not plan.quick:
        document = {
            "measurement": not plan.quick,
            "machine": described,
            "rounds": plan.rounds,
            "seconds_a_round": plan.seconds,
            "rows": plan.rows,
            "connections": plan.clients.connections,
            "load_threads": plan.clients.threads,
            "results": [table.as_json(result) for result in results],
        }
        print(f"written to {write('read', document, output)}")
    invalid = [problem for result in results for problem in figures.errors(result)]
    return 1 if invalid else 0
