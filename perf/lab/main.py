"""The command line of perf/read, perf/write and perf/bulk."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab import figures, machine, table
from lab.bench import CACHED_IDS, Bench, Plan
from lab.canvas import check_built
from lab.command import positive, run, write
from lab.load import Clients
from lab.processes import Workshop
from lab.progress import Progress
from lab.scenarios import Result


@dataclass(frozen=True)
class Command:
    """One of the programs of this laboratory."""

    name: str
    description: str
    scenarios: Mapping[str, Callable[[Bench], list[Result]]]
    peers: Sequence[str] = ()
    """The peers to choose from."""
    warm_up: int = 10
    """Seconds until the virtual machine has compiled what is hot."""
    rows: int = 1_000_000
    """Products in Postgres where no number is given."""


def plan_of(command: Command) -> tuple[Plan, Path | None]:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        prog=f"perf/{command.name}",
        description=command.description,
        epilog="Exit status: 0 all rounds are valid; 1 some are not, or the laboratory does not work.",
    )
    parser.set_defaults(scenario=None, peer=None)
    if len(command.scenarios) > 1:
        parser.add_argument(
            "--scenario", action="append", choices=command.scenarios, help="only this one; may be repeated"
        )
    if command.peers:
        parser.add_argument("--peer", action="append", choices=command.peers, help="only this peer; may be repeated")
    parser.add_argument("--rounds", type=positive, default=5, help="rounds of each side (5)")
    parser.add_argument("--seconds", type=positive, default=8, help="seconds of a round (8)")
    parser.add_argument("--rows", type=positive, default=command.rows, help=f"products in Postgres ({command.rows})")
    parser.add_argument("--clients", type=positive, default=64, help="clients that ask at once (64)")
    parser.add_argument("--threads", type=positive, default=1, help="threads of the load generator (1)")
    parser.add_argument("--output", type=Path, help=f"the JSON file (perf/results/{command.name}-<date>.json)")
    parser.add_argument("--quick", action="store_true", help="only check that the laboratory works")
    given = parser.parse_args()
    if given.clients < given.threads:
        parser.error("fewer clients than threads")
    # Few clients in a check: its servers are not warm, and slow answers would be failures.
    clients = Clients(8, 1) if given.quick else Clients(given.clients, given.threads)
    return Plan(
        scenarios=tuple(given.scenario or command.scenarios),
        peers=tuple(given.peer or command.peers),
        rounds=1 if given.quick else given.rounds,
        seconds=1 if given.quick else given.seconds,
        warm_up=1 if given.quick else command.warm_up,
        lead_in=0 if given.quick else 1,
        rows=2_000 if given.quick else given.rows,
        cached_ids=CACHED_IDS,
        clients=clients,
        quick=given.quick,
    ), given.output


def main(command: Command) -> int:
    """Runs what was asked for; the exit status."""
    plan, output = plan_of(command)
    progress = Progress()
    return run(f"perf/{command.name}", progress, lambda: measure(command, plan, output, progress))


def measure(command: Command, plan: Plan, output: Path | None, progress: Progress) -> int:
    """Runs the scenarios of a plan; the exit status."""
    check_built()
    described = machine.description()
    results: list[Result] = []
    with Workshop() as workshop:
        bench = Bench(workshop, plan, progress, patient=plan.quick)
        for name in plan.scenarios:
            for result in command.scenarios[name](bench):
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
        print(f"written to {write(command.name, document, output)}")
    invalid = [problem for result in results for problem in figures.errors(result)]
    return 1 if invalid else 0
