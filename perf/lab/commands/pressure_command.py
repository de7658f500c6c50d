"""The command line of perf/pressure."""

from __future__ import annotations

import argparse
import resource
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lab.commands.command_line import QUICK_HELP, REPEATABLE, finish, positive, run
from lab.generators.closed_loop import Clients
from lab.harness.processes import Sandbox
from lab.measuring.fault_result import FaultResult
from lab.measuring.strain import Strain
from lab.report import curve_table, drawing, environment, faults_table, pressure_charts, storm_table, strain_table
from lab.report.progress import Progress
from lab.scenarios.pressure_clients import slow_readers_and_batches, storms
from lab.scenarios.pressure_curve import POINTS, connection_curve
from lab.scenarios.pressure_hostile import few_descriptors, slow_sockets, too_large_requests
from lab.scenarios.pressure_load import PressureLoads
from lab.scenarios.pressure_overload import hogs, hot_and_cold, hot_beside_overload, overload
from lab.scenarios.pressure_soak import soak
from lab.scenarios.pressure_testbed import CANVAS_SETTINGS, HOT_PRODUCTS
from lab.scenarios.testbed import Plan, Testbed
from lab.servers.canvas import check_built
from lab.servers.peers import PEER_NAMES

DEFAULT_PEERS = ("vertx-constant", "nginx-lua-redis", "fastify")


@dataclass(frozen=True)
class Outcome:
    """What a scenario prints, and what it adds to the JSON file."""

    text: str
    document: dict[str, object]
    missed: list[str] = field(default_factory=list)
    """The targets that were missed, where the scenario judges them."""


@dataclass(frozen=True)
class Options:
    """What the command line asks for besides the plan."""

    points: Collection[str] | None
    """The labels of the points of the curve; None for all."""
    output: Path | None
    charts: Path | None
    must_hit: bool
    """Whether a missed target is a failure."""


Scenario = Callable[[PressureLoads, Options], Outcome]


def curve(loads: PressureLoads, options: Options) -> Outcome:
    """P1."""
    done = connection_curve(loads.testbed, options.points)
    return Outcome(curve_table.as_text(done), curve_table.as_json(done))


def overloaded(loads: PressureLoads, _: Options) -> Outcome:
    """P2."""
    found, notes = overload(loads)
    title = "P2  open loop at multiples of the peak"
    return Outcome(strain_table.as_text(title, found, notes), strain_table.as_json("P2", found, notes))


def strained(name: str, title: str, measured: Callable[[PressureLoads], list[Strain]]) -> Scenario:
    """A scenario that consists of loads and has no chart."""

    def scenario(loads: PressureLoads, _: Options) -> Outcome:
        found = measured(loads)
        return Outcome(strain_table.as_text(f"{name}  {title}", found), strain_table.as_json(name, found))

    return scenario


def stormed(loads: PressureLoads, _: Options) -> Outcome:
    """P5."""
    found = storms(loads)
    title = "P5  storms: all connections opened at once, one GET of a hot product on each"
    return Outcome(storm_table.as_text(title, found), storm_table.as_json("P5", found))


def judged(measured: Callable[[PressureLoads], FaultResult]) -> Scenario:
    """A scenario with targets."""

    def scenario(loads: PressureLoads, _: Options) -> Outcome:
        result = measured(loads)
        text = faults_table.as_text(result, judged=not loads.testbed.plan.quick)
        missed = [] if loads.testbed.plan.quick else [one.text for one in result.verdicts if not one.is_hit]
        return Outcome(text, faults_table.as_json(result), missed)

    return scenario


SCENARIOS: Mapping[str, Scenario] = {
    "P1": curve,
    "P2": overloaded,
    "P3": strained("P3", "half of the peak beside two CPU hogs", hogs),
    "P4": strained("P4", "hot reads beside slow readers and large batches", slow_readers_and_batches),
    "P5": stormed,
    "R7": strained("R7", "three times the peak of cold reads and writes, hot reads beside", hot_beside_overload),
    "R11": judged(slow_sockets),
    "R12": judged(too_large_requests),
    "R13": judged(few_descriptors),
    "R17": judged(soak),
    "S7": strained("S7", "a steady load, 90% hot and 10% cold", hot_and_cold),
}


def parse_arguments() -> tuple[Plan, Options]:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="perf/pressure",
        description="Measures Canvas beyond its limits: many connections, overload, a busy machine.",
        epilog="Exit status: 0 if everything was measured, whatever the figures are; 1 if a peer answers otherwise "
        "than Canvas, if Canvas ends, if a target is missed with --must-hit, or if the lab does not work.",
    )
    parser.add_argument("--scenario", action="append", choices=SCENARIOS, help=f"only this scenario; {REPEATABLE}")
    parser.add_argument("--peer", action="append", choices=PEER_NAMES, help=f"only this peer; {REPEATABLE}")
    parser.add_argument(
        "--connections", action="append", choices=[point.label for point in POINTS], metavar="N",
        help=f"only this point of the curve, such as 4,000; {REPEATABLE}",
    )  # fmt: skip
    parser.add_argument("--rounds", type=positive, default=3, help="rounds of each side (3)")
    parser.add_argument("--seconds", type=positive, default=8, help="seconds per round (8)")
    parser.add_argument("--rows", type=positive, default=500_000, help="products in Postgres (500000)")
    parser.add_argument("--output", type=Path, help="the JSON file (perf/results/pressure-<date>.json)")
    parser.add_argument("--charts", type=Path, help="also draw the charts into this folder")
    parser.add_argument("--must-hit", action="store_true", help="fail if R11, R12, R13 or R17 misses a target")
    parser.add_argument("--quick", action="store_true", help=QUICK_HELP)
    given = parser.parse_args()
    plan = Plan(
        # In their own order: the first one fills Redis for the peers.
        scenarios=tuple(name for name in SCENARIOS if name in (given.scenario or SCENARIOS)),
        peers=tuple(given.peer or DEFAULT_PEERS),
        rounds=1 if given.quick else given.rounds,
        seconds=1 if given.quick else given.seconds,
        warm_up=1 if given.quick else 10,
        # With thousands of connections, to open them twice would take longer than to settle.
        lead_in=0,
        rows=20_000 if given.quick else given.rows,
        cached_products=HOT_PRODUCTS,
        clients=Clients(64, 1),
        quick=given.quick,
    )
    return plan, Options(given.connections, given.output, given.charts, given.must_hit)


def main() -> int:
    """Runs the command; the exit status."""
    plan, options = parse_arguments()
    progress = Progress()
    return run("perf/pressure", progress, lambda: measure(plan, options, progress))


def measure(plan: Plan, options: Options, progress: Progress) -> int:
    """Runs the scenarios of the plan; the exit status."""
    check_built()
    if options.charts is not None:
        drawing.check_installed()
    hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))
    machine = environment.description()
    outcomes: list[Outcome] = []
    with Sandbox() as sandbox:
        testbed = Testbed(
            sandbox, plan, progress, long_timeouts=plan.quick, canvas_settings=CANVAS_SETTINGS, near_cache=True
        )
        loads = PressureLoads(testbed)
        for name in plan.scenarios:
            outcomes.append(SCENARIOS[name](loads, options))
            progress.clear()
            print(outcomes[-1].text, end="\n\n", flush=True)
            if options.charts is not None:
                drawing.write(options.charts, pressure_charts.charts([outcomes[-1].document]))
    document = {
        "machine": machine,
        "descriptors": hard_limit,
        "rounds": plan.rounds,
        "seconds_a_round": plan.seconds,
        "rows": plan.rows,
        "results": [one.document for one in outcomes],
    }
    finish("pressure", document, options.output, quick=plan.quick)
    return 1 if options.must_hit and any(one.missed for one in outcomes) else 0
