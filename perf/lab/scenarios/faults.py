"""The scenarios of perf/faults, R1 to R4 and R8: what readers notice of a fault, and the verdicts on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from statistics import median

from lab.generators.open_loop import ALL_AT_ONCE, OnceStream, Schedule, TimedResponse
from lab.measuring.fault_result import FaultObservation, FaultResult
from lab.measuring.rounds import DISTURBED_CORES
from lab.measuring.timeline import interval, intervals, longest_ms, outcomes, recovery_seconds
from lab.scenarios.fault_run import CACHED, COLD, FaultRunner

# The 99th percentile has recovered below twice that of a usual second before the fault, or below this if it is more.
MIN_P99_LIMIT_MS = 10.0

# A generator that pauses longer measures itself.
MAX_PAUSE_MS = 100.0

MAX_FROZEN_REDIS_MS = 250
MAX_REFUSAL_MS = 200
MAX_FROZEN_POSTGRES_MS = 1_000

BURST = 1_000
BURSTS = 10

CACHED_LOAD = "cached"
MIXED_LOAD = "four of five cached, the fifth never requested before"


def redis_killed(runner: FaultRunner) -> FaultResult:
    """R1: Redis is killed and started again."""
    redis = runner.testbed.redis

    def restart() -> None:
        redis.start()
        runner.catalogue.cache.connect()

    seen = runner.observe("R1", [runner.cached], redis.server.kill, restart)
    result = result_of(runner, "R1", "kill -9 Redis, then start it again", CACHED_LOAD, seen)
    judge_none_failed(result, seen.responses)
    after_fault, after_return = p99_recoveries(runner, result, seen)
    result.judge_recovery("the kill p99 has recovered", after_fault)
    result.judge_recovery("Redis's return p99 has recovered", after_return)
    return result


def redis_frozen(runner: FaultRunner) -> FaultResult:
    """R2: Redis is frozen for a while."""
    redis = runner.testbed.redis
    seen = runner.observe("R2", [runner.cached], redis.server.freeze, redis.server.unfreeze)
    result = result_of(runner, "R2", "SIGSTOP Redis, then SIGCONT", CACHED_LOAD, seen)
    judge_none_failed(result, seen.responses)
    judge_longest(result, "reads", longest_ms(seen.responses), MAX_FROZEN_REDIS_MS)
    judge_leaks(result, seen)
    after_fault, after_return = p99_recoveries(runner, result, seen)
    result.figures["p99_back_after_s"] = after_fault
    result.figures["p99_back_after_return_s"] = after_return
    return result


def postgres_killed(runner: FaultRunner) -> FaultResult:
    """R3: Postgres is killed and started again."""
    postgres = runner.testbed.postgres
    seen = runner.observe("R3", [runner.cached, runner.cold], postgres.server.kill, postgres.start)
    result = result_of(runner, "R3", "kill -9 Postgres, then start it again", MIXED_LOAD, seen)
    misses = judge_misses(result, seen)
    judge_longest(result, "503s", longest_ms(misses, lambda one: one.status == 503), MAX_REFUSAL_MS)
    last = max((one.due for one in misses if one.status != 200), default=seen.recovered)
    result.judge_recovery("Postgres's return the last miss fails", max(0.0, last - seen.recovered))
    judge_leaks(result, seen)
    return result


def postgres_frozen(runner: FaultRunner) -> FaultResult:
    """R4: Postgres is frozen for a while."""
    server = runner.testbed.postgres.server
    seen = runner.observe("R4", [runner.cached, runner.cold], server.freeze, server.unfreeze)
    result = result_of(runner, "R4", "SIGSTOP Postgres and its backends, then SIGCONT", MIXED_LOAD, seen)
    judge_misses(result, seen)
    judge_longest(result, "reads", longest_ms(seen.responses), MAX_FROZEN_POSTGRES_MS)
    judge_leaks(result, seen)
    return result


def bursts(runner: FaultRunner) -> FaultResult:
    """R8: many clients request the same product at once, and nothing is cached."""
    result = FaultResult(
        "R8", f"{BURST:,} GETs of one product at once, nothing cached", f"{BURSTS} times, each for another product"
    )
    runner.start_counting_queries()
    runner.catalogue.cache.clear()
    queries, slowest, failed = [], [], 0
    for number in range(BURSTS):
        runner.testbed.progress.show(f"R8 {number + 1}/{BURSTS} …")
        before = runner.store_queries()
        one_product = OnceStream(1, runner.catalogue.rows - number, 1)
        run = runner.start(Schedule(ALL_AT_ONCE, 0, BURST, BURST, BURST), [one_product])
        responses = run.result().responses
        queries.append(runner.store_queries() - before)
        slowest.append(longest_ms(responses))
        failed += sum(one.status != 200 for one in responses)
    result.judge("1 store query for each product", f"{max(queries)} at most", hit=max(queries) == 1)
    result.judge("0 failed reads", str(failed), hit=failed == 0)
    result.figures.update(store_queries=queries, slowest_ms=[round(one, 1) for one in slowest])
    return result


FAULT_SCENARIOS: dict[str, Callable[[FaultRunner], FaultResult]] = {
    "R1": redis_killed,
    "R2": redis_frozen,
    "R3": postgres_killed,
    "R4": postgres_frozen,
    "R8": bursts,
}


def result_of(runner: FaultRunner, name: str, title: str, load: str, seen: FaultObservation) -> FaultResult:
    """A result with the figures that every fault has."""
    result = FaultResult(name, title, f"{runner.rate:,.0f} reads/s: {load}", fault_began=seen.fault_began)
    result.seconds = intervals(seen.responses, seen.fault_began % 1, runner.timing.end, 1.0)
    for moment in (seen.fault_began, seen.recovered):
        result.around_fault += intervals(seen.responses, moment - 0.5, moment + 3, 0.1)
    result.figures.update(
        rate=runner.rate,
        outcomes=outcomes(seen.responses),
        longest_ms=round(longest_ms(seen.responses), 1),
        fault_lasted_s=round(seen.recovered - seen.fault_began, 2),
        before=asdict(seen.before),
        after=asdict(seen.after),
        generator_connections=seen.generator.connections_opened,
        generator_longest_pause_ms=seen.generator.longest_pause_ms,
        generator_cores=round(seen.generator.cpu_seconds / runner.timing.end, 2),
    )
    result.errors += errors(seen, quick=runner.testbed.plan.quick)
    result.disturbed_cores = seen.foreign_cpu if seen.foreign_cpu > DISTURBED_CORES else 0.0
    return result


def errors(seen: FaultObservation, *, quick: bool) -> list[str]:
    """What makes a run invalid; in a quick check only that no read worked."""
    found = []
    # Reads that were due but not yet answered when the fault began belong to the fault.
    early = interval((one for one in seen.responses if one.answered < seen.fault_began), 0, seen.fault_began)
    if early.not_200 and (not quick or early.not_200 == early.count):
        found.append(f"{early.not_200} reads failed before the fault: {early.outcomes}")
    if seen.generator.longest_pause_ms > MAX_PAUSE_MS and not quick:
        found.append(f"the load generator paused for {seen.generator.longest_pause_ms:.0f} ms")
    return found


def p99_recoveries(
    runner: FaultRunner, result: FaultResult, seen: FaultObservation
) -> tuple[float | None, float | None]:
    """Seconds until p99 has recovered, from the start of the fault and from the server's return; None means never."""
    before = median(one.p99 for one in intervals(seen.responses, 0, seen.fault_began, 1.0))
    limit = max(2 * before, MIN_P99_LIMIT_MS)
    result.figures.update(p99_before_ms=round(before, 2), p99_limit_ms=round(limit, 2))
    return (
        recovery_seconds(seen.responses, seen.fault_began, seen.recovered, limit),
        recovery_seconds(seen.responses, seen.recovered, runner.timing.end, limit),
    )


def judge_none_failed(result: FaultResult, responses: list[TimedResponse]) -> None:
    """Every read succeeds."""
    failed = sum(one.status != 200 for one in responses)
    result.judge("0 failed reads", f"{failed} of {len(responses):,}", hit=failed == 0)


def judge_longest(result: FaultResult, what: str, longest: float, limit_ms: int) -> None:
    """None takes longer than the limit."""
    result.judge(f"no {what} over {limit_ms} ms", f"{longest:.0f} ms", hit=longest <= limit_ms)


def judge_misses(result: FaultResult, seen: FaultObservation) -> list[TimedResponse]:
    """Cached reads succeed, and misses that fail are answered 503 with Retry-After. Returns all misses."""
    cached = [one for one in seen.responses if one.stream == CACHED]
    misses = [one for one in seen.responses if one.stream == COLD]
    failed = sum(one.status != 200 for one in cached)
    result.judge("every cached read succeeds", f"{failed} of {len(cached):,} failed", hit=failed == 0)
    refused = [one for one in misses if one.status != 200]
    others = sum(one.status != 503 or not one.retry_after for one in refused)
    result.judge(
        "misses that fail are answered 503 with Retry-After",
        f"{len(refused):,} of {len(misses):,} failed, {others} of them otherwise",
        hit=others == 0,
    )
    result.figures["misses"] = outcomes(misses)
    return misses


def judge_leaks(result: FaultResult, seen: FaultObservation) -> None:
    """Canvas holds the same resources as before."""
    before, after = asdict(seen.before), asdict(seen.after)
    changes = [f"{name} {before[name]} → {after[name]}" for name in before if after[name] != before[name]]
    result.judge("connections and descriptors as before", ", ".join(changes) or "the same", hit=not changes)
