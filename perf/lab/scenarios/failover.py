"""The scenario R20 of perf/faults: the master of a Redis with Sentinels is killed while Canvas is read and written."""

from __future__ import annotations

from dataclasses import replace

from lab.generators.checked_writes import CheckedWrites
from lab.measuring.fault_result import FaultResult
from lab.scenarios.fault_run import FaultRunner
from lab.scenarios.faults import judge_none_failed, result_of
from lab.scenarios.testbed import Catalogue
from lab.servers.sentinels import SentinelRedis

# A number of its own for each process of Canvas.
DATABASES = {False: 3, True: 4}

WRITES_PER_SECOND = 50
WRITTEN_PRODUCTS = 500
WRITES_BACK_SECONDS = 5

# The rate of the other scenarios leaves no room for writes.
RATE_SHARE = 0.5


def master_killed(runner: FaultRunner, *, near_cache: bool) -> FaultResult:
    """R20: the master is killed for good; the Sentinels promote its replica."""
    testbed = runner.testbed
    name = "R20-near" if near_cache else "R20"
    redis = SentinelRedis(testbed.sandbox, name)
    # A database of its own, because a store names the only Redis that is trusted.
    catalogue = Catalogue(
        testbed, "canvas_failover", testbed.plan.rows, DATABASES[near_cache], near_cache=near_cache, redis=redis
    )
    rate = round(RATE_SHARE * runner.rate)
    over_sentinels = FaultRunner(testbed, replace(runner.timing, rate=rate), catalogue)
    first = catalogue.rows - WRITTEN_PRODUCTS + 1
    writes = CheckedWrites(catalogue.canvas.port, first, WRITTEN_PRODUCTS, WRITES_PER_SECOND)

    def kill() -> None:
        redis.kill_master()
        redis.await_promotion(catalogue.cache)

    catalogue.fill_cache()
    writes.start()
    seen = over_sentinels.observe(name, [over_sentinels.cached], kill, lambda: None, fills_cache=False)
    writes.stop()
    caches = "near cache on" if near_cache else "near cache off"
    load = f"cached, and {WRITES_PER_SECOND} writes/s, each read back; {caches}"
    result = result_of(over_sentinels, name, "kill -9 the master of a Redis with three Sentinels", load, seen)
    judge_none_failed(result, seen.responses)
    judge_writes(result, writes, seen.run_started + seen.fault_began)
    catalogue.canvas.server.stop()
    return result


def judge_writes(result: FaultResult, writes: CheckedWrites, killed: float) -> None:
    """No write is lost, none is read stale, and they are confirmed again soon."""
    findings, lost, back = writes.findings, writes.lost(), writes.back_after(killed)
    result.judge(
        "0 stale or failed reads of what was written",
        f"{findings.stale} and {findings.failed} of {findings.reads:,}",
        hit=findings.stale == findings.failed == 0,
    )
    confirmed = sum(write.confirmed for write in writes.writes)
    result.judge("0 lost writes", f"{lost} of {confirmed:,}", hit=lost == 0)
    result.judge(
        f"writes are back within {WRITES_BACK_SECONDS} s of the kill",
        "not within the run" if back is None else f"{back:.2f} s",
        hit=back is not None and back <= WRITES_BACK_SECONDS,
    )
    result.figures["writes_failed"] = len(writes.writes) - confirmed
    result.figures["longest_write_s"] = round(max(write.ended - write.began for write in writes.writes), 2)
