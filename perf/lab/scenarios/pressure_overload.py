"""P2, P3, R7 and S7 of perf/pressure: more requests than Canvas can answer, a busy machine, and a steady load."""

from __future__ import annotations

import sys

from lab.measuring.strain import Strain
from lab.scenarios.pressure_load import PressureLoads

LOADS = ("cold reads", "hot reads", "writes", "mixed")
SHARES = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0)
QUICK_SHARES = (0.5, 2.0)

# The rate of the hot reads beside another load.
BESIDE_RATE, QUICK_BESIDE_RATE = 1_000, 50

S7_RATE = 10_000

HOGS = 2
# A hog ends by itself, too, if the lab cannot end it.
HOG = "import sys, time\nend = time.monotonic() + float(sys.argv[1])\nwhile time.monotonic() < end: pass"


def overload(loads: PressureLoads) -> tuple[list[Strain], list[str]]:
    """P2: each load at shares of its peak, and what was left out."""
    found, left_out = [], []
    quick = loads.testbed.plan.quick
    for load in LOADS[::3] if quick else LOADS:
        peak = min(loads.peak(load), loads.max_rate / 2) if quick else loads.peak(load)
        for share in QUICK_SHARES if quick else SHARES:
            if share * peak > loads.max_rate:
                left_out.append(f"{load} at {share:g} × {peak:,.0f}/s")
            else:
                found.append(loads.measure("P2", load, share * peak, share, until_normal=share > 1))
    notes = [f"more than the load generator offers ({loads.max_rate:,}/s): {', '.join(left_out)}"] if left_out else []
    return found, notes


def hot_and_cold(loads: PressureLoads) -> list[Strain]:
    """S7: a fixed rate, of which nine in ten are hot reads and one is cold."""
    rate = QUICK_BESIDE_RATE if loads.testbed.plan.quick else S7_RATE
    return [loads.measure("S7", "nine of ten hot", rate, None)]


def hot_beside_overload(loads: PressureLoads) -> list[Strain]:
    """R7: three times the peak of cold reads and writes, with hot reads beside them."""
    load = "cold reads and writes"
    peak = min(loads.peak(load), loads.max_rate / 3)
    found: list[Strain] = []
    loads.prepare()
    with loads.beside(found, "hot reads beside it", beside_rate(loads)):
        overloaded = loads.measure("R7", load, 3 * peak, 3.0, until_normal=True, prepared=True)
    return [overloaded, *found]


def hogs(loads: PressureLoads) -> list[Strain]:
    """P3: hot reads and mixed requests at half of their peak, beside two processes that take all CPU they can get."""
    found = []
    for load in ("hot reads", "mixed"):
        rate = min(loads.peak(load) / 2, loads.max_rate)
        limit = str(loads.testbed.plan.seconds + 60)
        started = [loads.testbed.sandbox.start(f"hog-{n}", [sys.executable, "-c", HOG, limit]) for n in range(HOGS)]
        try:
            found.append(loads.measure("P3", load, rate, 0.5))
        finally:
            for hog in started:
                loads.testbed.sandbox.stop(hog)
    return found


def beside_rate(loads: PressureLoads) -> int:
    """The rate of the reads beside what puts Canvas under pressure."""
    return QUICK_BESIDE_RATE if loads.testbed.plan.quick else BESIDE_RATE
