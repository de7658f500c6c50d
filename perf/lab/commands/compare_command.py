"""The command line of perf/read, perf/write and perf/bulk, which run rounds of several sides in turn."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.commands.command_line import QUICK_HELP, REPEATABLE, finish, positive, run
from lab.generators.closed_loop import Clients
from lab.harness.processes import Sandbox
from lab.measuring.comparison import Comparison
from lab.report import environment, figures, rounds_table
from lab.report.progress import Progress
from lab.scenarios.testbed import CACHED_PRODUCTS, Plan, Testbed
from lab.servers.canvas import check_built


@dataclass(frozen=True)
class CompareCommand:
    """What distinguishes the three commands."""

    name: str
    description: str
    scenarios: Mapping[str, Callable[[Testbed], list[Comparison]]]
    peers: Sequence[str] = ()
    """The peers to choose from."""
    warm_up: int = 10
    """Seconds until the JVM has compiled the hot code."""
    rows: int = 1_000_000
    """Products in Postgres unless the command line says otherwise."""


def parse_arguments(command: CompareCommand) -> tuple[Plan, Path | None]:
    """Parses the command line; the plan, and the output file if one is given."""
    parser = argparse.ArgumentParser(
        prog=f"perf/{command.name}",
        description=command.description,
        epilog="Exit status: 0 if all rounds are valid, 1 if some are not or the lab does not work.",
    )
    parser.set_defaults(scenario=None, peer=None)
    if len(command.scenarios) > 1:
        parser.add_argument(
            "--scenario", action="append", choices=command.scenarios, help=f"only this scenario; {REPEATABLE}"
        )
    if command.peers:
        parser.add_argument("--peer", action="append", choices=command.peers, help=f"only this peer; {REPEATABLE}")
    parser.add_argument("--rounds", type=positive, default=5, help="rounds of each side (5)")
    parser.add_argument("--seconds", type=positive, default=8, help="seconds per round (8)")
    parser.add_argument(
        "--warm-up", type=positive, default=command.warm_up,
        help=f"seconds of each side before its first round ({command.warm_up})",
    )  # fmt: skip
    parser.add_argument(
        "--repeats", type=int, help="how many disturbed rounds are repeated at most (as many as there are rounds)"
    )
    parser.add_argument("--rows", type=positive, default=command.rows, help=f"products in Postgres ({command.rows})")
    parser.add_argument("--clients", type=positive, default=64, help="concurrent clients (64)")
    parser.add_argument("--threads", type=positive, default=1, help="threads of the load generator (1)")
    parser.add_argument("--output", type=Path, help=f"the JSON file (perf/results/{command.name}-<date>.json)")
    parser.add_argument("--quick", action="store_true", help=QUICK_HELP)
    given = parser.parse_args()
    if given.clients < given.threads:
        parser.error(f"--clients {given.clients} is less than --threads {given.threads}: each thread needs a client")
    # Few clients in a quick check: its servers are cold, and slow responses would count as errors.
    clients = Clients(8, 1) if given.quick else Clients(given.clients, given.threads)
    return Plan(
        scenarios=tuple(given.scenario or command.scenarios),
        peers=tuple(given.peer or command.peers),
        rounds=1 if given.quick else given.rounds,
        seconds=1 if given.quick else given.seconds,
        warm_up=1 if given.quick else given.warm_up,
        lead_in=0 if given.quick else 1,
        rows=2_000 if given.quick else given.rows,
        cached_products=CACHED_PRODUCTS,
        clients=clients,
        quick=given.quick,
        repeats=given.repeats,
    ), given.output


def main(command: CompareCommand) -> int:
    """Runs the command; the exit status."""
    plan, output = parse_arguments(command)
    progress = Progress()
    return run(f"perf/{command.name}", progress, lambda: measure(command, plan, output, progress))


def measure(command: CompareCommand, plan: Plan, output: Path | None, progress: Progress) -> int:
    """Runs the scenarios of the plan; the exit status."""
    check_built()
    machine = environment.description()
    comparisons: list[Comparison] = []
    with Sandbox() as sandbox:
        testbed = Testbed(sandbox, plan, progress, long_timeouts=plan.quick)
        for name in plan.scenarios:
            for comparison in command.scenarios[name](testbed):
                comparisons.append(comparison)
                progress.clear()
                print(rounds_table.as_text(comparison, judged=not plan.quick), end="\n\n", flush=True)
    document = {
        "machine": machine,
        "rounds": plan.rounds,
        "seconds_a_round": plan.seconds,
        "rows": plan.rows,
        "connections": plan.clients.connections,
        "load_threads": plan.clients.threads,
        "results": [rounds_table.as_json(comparison) for comparison in comparisons],
    }
    finish(command.name, document, output, quick=plan.quick)
    return 1 if any(figures.errors(comparison) for comparison in comparisons) else 0
