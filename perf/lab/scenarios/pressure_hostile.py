"""R11 to R13 of perf/pressure: slow sockets, requests that are too large, and too few descriptors."""

from __future__ import annotations

import time
from collections import Counter

from lab.generators.hostile import SlowSenders, idle_sockets, status_of
from lab.harness.procfs import open_descriptors
from lab.measuring.fault_result import FaultResult
from lab.measuring.strain import Strain
from lab.scenarios.pressure_load import PressureLoads
from lab.scenarios.pressure_overload import beside_rate

SLOW_SOCKETS, QUICK_SLOW_SOCKETS = 2_000, 50
CUT_SECONDS = 15.0

# A request line, the header fields and a body may have so many bytes; see docs/http-api.md.
MAX_LINE, MAX_HEADERS, MAX_BODY = 4_096, 8_192, 262_144
TOO_LARGE_REQUESTS, QUICK_TOO_LARGE_REQUESTS = 3_000, 60
MAX_GROWTH_MB = 50.0

FEW_DESCRIPTORS = 256
IDLE_SOCKETS, QUICK_IDLE_SOCKETS = 1_000, 400
HELD_SECONDS, QUICK_HELD_SECONDS = 5.0, 1.0
SERVES_AGAIN_SECONDS = 2.0


def slow_sockets(loads: PressureLoads) -> FaultResult:
    """R11: sockets that send a head or a body byte by byte, and hot reads beside them."""
    canvas, quick = loads.catalogue.canvas, loads.testbed.plan.quick
    count = QUICK_SLOW_SOCKETS if quick else SLOW_SOCKETS
    result = FaultResult("R11", f"{count:,} sockets that send a head or a body byte by byte", "hot reads beside them")
    loads.prepare()
    descriptors = open_descriptors(canvas.pid)
    found: list[Strain] = []
    with SlowSenders(canvas.port, count) as senders:
        with loads.beside(found, "hot reads", beside_rate(loads)):
            cut = senders.seconds_until_cut(3 * CUT_SECONDS)
    judge_reads(result, found[0])
    result.judge(
        f"all are cut within {CUT_SECONDS:.0f} s",
        "not within the run" if cut is None else f"{cut:.1f} s",
        hit=cut is not None and cut <= CUT_SECONDS,
    )
    result.figures["descriptors_before_and_after"] = [descriptors, open_descriptors(canvas.pid)]
    return result


def too_large_requests(loads: PressureLoads) -> FaultResult:
    """R12: request lines, header fields and bodies that are too large, and hot reads beside them."""
    canvas, quick = loads.catalogue.canvas, loads.testbed.plan.quick
    count = QUICK_TOO_LARGE_REQUESTS if quick else TOO_LARGE_REQUESTS
    result = FaultResult("R12", f"{count:,} requests that are too large by a byte or more", "hot reads beside them")
    requests = {
        414: f"GET /{'p' * MAX_LINE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
        431: f"GET /api HTTP/1.1\r\nHost: localhost\r\nX: {'h' * MAX_HEADERS}\r\n\r\n".encode(),
        413: (
            f"PUT /api/products/1/media HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {MAX_BODY + 1}\r\n\r\n"
        ).encode()
        + b" " * (MAX_BODY + 1),
    }
    loads.prepare()
    before = loads.rss_mb()
    found: list[Strain] = []
    answers: dict[int, Counter[int]] = {status: Counter() for status in requests}
    with loads.beside(found, "hot reads", beside_rate(loads)):
        for number in range(count):
            status = tuple(requests)[number % len(requests)]
            answers[status][status_of(canvas.port, requests[status])] += 1
    judge_reads(result, found[0])
    for status, seen in answers.items():
        result.judge(
            f"each answered {status}",
            ", ".join(f"{number or 'cut'} {times:,} times" for number, times in seen.most_common()),
            hit=set(seen) == {status},
        )
    growth = loads.rss_mb() - before
    result.judge(f"memory grows by at most {MAX_GROWTH_MB:.0f} MB", f"{growth:.0f} MB", hit=growth <= MAX_GROWTH_MB)
    return result


def few_descriptors(loads: PressureLoads) -> FaultResult:
    """R13: more sockets than the process may have descriptors."""
    testbed, catalogue, quick = loads.testbed, loads.catalogue, loads.testbed.plan.quick
    count = QUICK_IDLE_SOCKETS if quick else IDLE_SOCKETS
    result = FaultResult("R13", f"{count:,} sockets at a limit of {FEW_DESCRIPTORS} descriptors", "then one read")
    testbed.progress.show(f"R13: starting Canvas with {FEW_DESCRIPTORS} descriptors")
    canvas = testbed.start_canvas(
        "few-descriptors", catalogue.postgres_uri, catalogue.redis_uri, near_cache=True, descriptors=FEW_DESCRIPTORS
    )
    canvas.await_ready()
    with idle_sockets(canvas.port, count) as connected:
        result.figures["sockets_connected"] = connected
        time.sleep(QUICK_HELD_SECONDS if quick else HELD_SECONDS)
        survived = canvas.server.is_running()
    released = time.monotonic()
    seconds = None
    while seconds is None and time.monotonic() - released < 5 * SERVES_AGAIN_SECONDS:
        if loads.reads(1, canvas.port):
            seconds = time.monotonic() - released
    result.judge("survives", "yes" if survived else "it has ended", hit=survived)
    result.judge(
        f"serves within {SERVES_AGAIN_SECONDS:.0f} s of the release",
        "not within the run" if seconds is None else f"{seconds:.2f} s",
        hit=seconds is not None and seconds <= SERVES_AGAIN_SECONDS,
    )
    testbed.sandbox.stop(canvas.server)
    return result


def judge_reads(result: FaultResult, reads: Strain) -> None:
    """None of the reads beside it may fail."""
    failed = reads.failed + reads.shed + reads.unsent
    result.judge("0 failed reads", f"{failed} of {reads.requests:,}", hit=failed == 0)
    result.figures["p99_ms"] = round(reads.p99_ms, 1)
    result.figures["lost"] = reads.lost
