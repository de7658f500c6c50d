"""Several nodes behind NGINX: what clients notice when nodes end (R5, R6), and what it costs to cross nodes (S18)."""

from __future__ import annotations

from dataclasses import replace

from lab.generators.wrk import RandomReads, Wrk
from lab.measuring.comparison import Comparison, Target
from lab.measuring.fault_result import RECOVERY_LIMIT_SECONDS, FaultResult
from lab.measuring.rounds import Side
from lab.scenarios.fault_run import FaultRunner
from lab.scenarios.faults import judge_none_failed, result_of
from lab.scenarios.testbed import Testbed
from lab.servers.nodes import ALL_ROLES, Nodes

# Three JVMs, NGINX and the generator share the cores, so the rate of the other faults is out of reach.
RATE_SHARE = 0.2
TOLERATED_FAILURES = 0.001

# Each of the three nodes stops, which takes as long as its drain delay, and is ready again.
ROLLING_SECONDS = 60

HOT_PRODUCTS = 1_000


def node_killed(runner: FaultRunner) -> FaultResult:
    """R5: one of three nodes is killed, and starts again when the fault ends."""
    behind_nginx = over_nodes(runner, runner.timing.fault)
    node = runner.testbed.three_nodes.nodes[1]

    def start_again() -> None:
        node.start()
        node.await_ready()

    seen = behind_nginx.observe("R5", [behind_nginx.cached], node.server.kill, start_again)
    result = result_of(behind_nginx, "R5", "kill -9 one of three nodes behind NGINX", "cached", seen)
    failed = [one for one in seen.responses if one.status != 200]
    result.judge(
        f"at most {TOLERATED_FAILURES:.1%} of the reads fail",
        f"{len(failed)} of {len(seen.responses):,}",
        hit=len(failed) <= TOLERATED_FAILURES * len(seen.responses),
    )
    late = [one for one in failed if one.due > seen.fault_began + RECOVERY_LIMIT_SECONDS]
    result.judge(f"none fails later than {RECOVERY_LIMIT_SECONDS} s after the kill", str(len(late)), hit=not late)
    return result


def nodes_restarted(runner: FaultRunner) -> FaultResult:
    """R6: each of three nodes in turn is stopped by SIGTERM and started again."""
    quick, nodes = runner.testbed.plan.quick, runner.testbed.three_nodes.nodes
    behind_nginx = over_nodes(runner, runner.timing.fault if quick else ROLLING_SECONDS)

    def restart_each() -> None:
        for node in nodes[:1] if quick else nodes:
            node.server.stop()
            node.start()
            node.await_ready()

    seen = behind_nginx.observe("R6", [behind_nginx.cached], restart_each, lambda: None)
    result = result_of(behind_nginx, "R6", "SIGTERM and a new start of each of three nodes in turn", "cached", seen)
    judge_none_failed(result, seen.responses)
    return result


def over_nodes(runner: FaultRunner, fault_seconds: int) -> FaultRunner:
    """What runs a load through NGINX on the three nodes, with a fault that takes this long."""
    rate = runner.timing.rate or round(RATE_SHARE * runner.peak)
    timing = replace(runner.timing, rate=rate, fault=fault_seconds)
    return FaultRunner(runner.testbed, timing, port=runner.testbed.three_nodes.port)


def split_roles(testbed: Testbed) -> list[Comparison]:
    """S18: hot reads through NGINX: of two nodes with a role each, and of one node that has both."""
    products = min(HOT_PRODUCTS, testbed.large.rows)
    comparison = Comparison(
        "S18",
        f"hot GET through NGINX, {products:,} products: two nodes on split roles beside one with all roles",
        "split",
        targets=[Target("one-node", 1.15, cpu_of="service")],
        notes=["the CPU time of a service is that of NGINX and all of its nodes"],
    )
    split = testbed.start_nodes("split", ["http", "data,seed,relay"], near_cache=True)
    one = testbed.start_nodes("one-node", [ALL_ROLES], near_cache=True)
    testbed.run_interleaved(
        comparison, [side(testbed, "split", split, products), side(testbed, "one-node", one, products)]
    )
    split.stop()
    one.stop()
    return [comparison]


def side(testbed: Testbed, name: str, nodes: Nodes, products: int) -> Side:
    """Nodes under wrk."""
    first, *others = nodes.processes()
    requests = Wrk(nodes.port, RandomReads(products), testbed.plan.clients)
    return Side(name, requests, first, other_pids=tuple(others))
