"""R17 of perf/pressure: a long load, and what Canvas holds in its course."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from lab.harness.procfs import open_descriptors, own_resident_mb
from lab.harness.programs import output_of
from lab.measuring.fault_result import FaultResult
from lab.measuring.strain import Strain
from lab.scenarios.pressure_load import CONNECTIONS, PressureLoads
from lab.servers.canvas import java

# The first part of the run fills the heap and the code cache; the next one is compared with the last.
PARTS = 5
SAMPLES, QUICK_SAMPLES = 25, 5

# Requests per second: steady work on any machine.
RATE, QUICK_RATE = 500, 50

# Live objects that stand for timers: of Vert.x, and of the event loops.
TIMERS = (
    r"^\s*\d+:\s+(\d+)\s+\d+\s+"
    r"(?:io\.vertx\.core\.impl\.VertxImpl\$InternalTimerHandler|io\.netty\.util\.concurrent\.ScheduledFutureTask)\b"
)
TOTAL = r"^Total\s+\d+\s+(\d+)"


@dataclass(frozen=True)
class Holding:
    """What Canvas holds at one moment."""

    rss_mb: float
    live_mb: float
    """On the heap, right after a full collection."""
    descriptors: int
    threads: int
    timers: int


@dataclass(frozen=True)
class Flat:
    """How much a figure may rise from the second part of the run to the last."""

    name: str
    share: float
    absolute: float


FLAT = (
    Flat("rss_mb", 0.10, 10),
    Flat("live_mb", 0.10, 3),
    Flat("descriptors", 0.05, 20),
    Flat("threads", 0.05, 2),
    Flat("timers", 0.10, 20),
)


def soak(loads: PressureLoads) -> FaultResult:
    """R17: hot reads, cold reads and writes at a fixed rate, for as long as the plan says."""
    plan = loads.testbed.plan
    rate, samples = (QUICK_RATE, QUICK_SAMPLES) if plan.quick else (RATE, SAMPLES)
    result = FaultResult("R17", f"{plan.seconds:,} s at {rate:,}/s", "eight hot reads, one cold read, one PUT")
    loads.prepare()
    found: list[Strain] = []
    held: list[Holding] = []
    began = time.monotonic()
    # As many connections from the beginning to the end: after a stall, more of them would look like a leak.
    with loads.beside(found, "mixed", rate, "mixed", max_connections=CONNECTIONS):
        for number in range(samples):
            time.sleep(max(0.0, began + (number + 1) * plan.seconds / (samples + 1) - time.monotonic()))
            held.append(holding(loads.catalogue.canvas.pid))
            loads.testbed.progress.show(f"R17: after {time.monotonic() - began:,.0f} s {held[-1].rss_mb:,.0f} MB")
    part = samples // PARTS
    for flat in FLAT:
        early = median(getattr(one, flat.name) for one in held[part : 2 * part])
        late = median(getattr(one, flat.name) for one in held[-part:])
        allowed = early + max(flat.share * early, flat.absolute)
        result.judge(
            f"{flat.name} at most {allowed:,.0f} at the end", f"{early:,.0f} → {late:,.0f}", hit=late <= allowed
        )
        result.figures[flat.name] = [round(getattr(one, flat.name)) for one in held]
    result.figures["requests"] = found[0].requests
    result.figures["not_good"] = found[0].failed + found[0].shed + found[0].unsent
    result.figures["p99_ms"] = round(found[0].p99_ms, 1)
    result.figures["lost"] = found[0].lost
    return result


def holding(pid: int) -> Holding:
    """What a JVM holds now. Its heap is collected for that."""
    jcmd = os.path.join(os.path.dirname(os.path.realpath(java())), "jcmd") if os.sep in java() else "jcmd"
    histogram = output_of([jcmd, str(pid), "GC.class_histogram"])
    total = re.search(TOTAL, histogram, re.MULTILINE)
    threads = len(os.listdir(Path("/proc", str(pid), "task")))
    timers = sum(int(count) for count in re.findall(TIMERS, histogram, re.MULTILINE))
    live = int(total.group(1)) / 1e6 if total else 0.0
    return Holding(own_resident_mb(pid), live, open_descriptors(pid), threads, timers)
