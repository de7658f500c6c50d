"""P1 of perf/pressure: hot reads over 1 to 10,000 connections, beside the peers."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Collection

from lab.generators.closed_loop import Clients
from lab.generators.wrk import RandomReads, Wrk
from lab.harness.errors import LabError
from lab.measuring.pressure_points import Curve, Point, PointRound
from lab.measuring.rounds import Side
from lab.scenarios.pressure_testbed import HOT_PRODUCTS, LOST_LINES, pressed
from lab.scenarios.testbed import Testbed

# The last one shows what the many connections before it have left behind.
POINTS = (
    Point("1", 1),
    Point("64", 64),
    Point("1,000", 1_000),
    Point("4,000", 4_000),
    Point("10,000", 10_000),
    Point("64 after", 64),
)
WARM_UP = Point("64", 64)
QUICK_POINTS = (Point("16", 16), Point("200", 200), Point("16 after", 16))

# Descriptors that a process needs besides its connections.
OTHER_DESCRIPTORS = 500

# The connections of a round are closed meanwhile, so that the next side does not compete with that.
PAUSE_SECONDS, QUICK_PAUSE_SECONDS = 1.0, 0.1


def connection_curve(testbed: Testbed, chosen: Collection[str] | None) -> Curve:
    """Rounds of all sides at each number of connections, or only at the chosen points."""
    plan, canvas = testbed.plan, testbed.large.canvas
    testbed.large.fill_cache()
    wanted = QUICK_POINTS if plan.quick else [point for point in POINTS if chosen is None or point.label in chosen]
    points = [point for point in wanted if point.connections + OTHER_DESCRIPTORS <= descriptors()]
    peers = [testbed.peer(name) for name in plan.peers]
    if testbed.differences:
        raise LabError("Peers answer differently from Canvas:\n" + "\n".join(testbed.differences))
    curve = Curve(f"P1  hot GET: {HOT_PRODUCTS:,} products, closed loop, near cache on")
    if len(points) < len(wanted):
        left_out = ", ".join(point.label for point in wanted if point not in points)
        curve.notes.append(f"left out, as ulimit -n is {descriptors():,}: {left_out} connections")
    requests = RandomReads(HOT_PRODUCTS)

    def side_at(name: str, port: int, pid: int, point: Point) -> Side:
        return Side(name, Wrk(port, requests, Clients(point.connections, 1)), pid)

    services = [("canvas", canvas.port, canvas.pid), *((one.name, one.port, one.server.pid) for one in peers)]
    for service in services:
        testbed.progress.show(f"P1 warming up {service[0]}")
        testbed.meter.warm_up(side_at(*service, WARM_UP), plan.warm_up)
    for number in range(1, plan.rounds + 1):
        for point in points:
            for service in services:
                side = side_at(*service, point)
                if side.name == "canvas":
                    side.canvas = canvas
                step = f"P1 round {number}/{plan.rounds}, {point.label} connections, {side.name}"
                testbed.progress.show(f"{step} …")
                lost = canvas.server.count_lines(LOST_LINES)
                done = testbed.meter.round(side, number, plan.seconds, plan.lead_in)
                lost = canvas.server.count_lines(LOST_LINES) - lost if side.canvas else 0
                curve.rounds.append(PointRound(point, done, lost))
                testbed.progress.show(f"{step}: {curve.rounds[-1].goodput:,.0f}/s")
                pressed(testbed)
                time.sleep(QUICK_PAUSE_SECONDS if plan.quick else PAUSE_SECONDS)
    return curve


def descriptors() -> int:
    """How many files a process may have open."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return sys.maxsize if limit == resource.RLIM_INFINITY else limit
