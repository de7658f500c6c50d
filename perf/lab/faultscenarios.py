"""What readers notice of a fault: R1 to R4 and R8, by the names that the targets have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import median

from lab.faults import CACHED, COLD, Faults, Observed
from lab.measure import FOREIGN_CPU
from lab.openloop import AT_ONCE, Answer, Arrivals, Once
from lab.timeline import Span, back_after, longest, outcomes, span, spans

# The 99th percentile is back at twice what a usual second before the fault had, or at this where that is more.
LEAST_LIMIT_MS = 10.0

# A generator that sleeps longer measures itself.
LONGEST_PAUSE_MS = 100.0

BURST = 1_000
BURSTS = 10


@dataclass(frozen=True)
class Verdict:
    """A target, and what came of it."""

    text: str
    reached: str
    is_hit: bool


@dataclass
class Result:
    """What a scenario gave."""

    name: str
    title: str
    load: str
    verdicts: list[Verdict] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    seconds: list[Span] = field(default_factory=list)
    around: list[Span] = field(default_factory=list)
    """Tenths of a second around the strike and around the server's return."""
    zero: float = 0.0
    """When the fault struck."""
    errors: list[str] = field(default_factory=list)
    disturbed: float = 0.0
    """Cores that other work took, if more than a few."""

    def judge(self, text: str, reached: str, *, hit: bool) -> None:
        """Adds a verdict."""
        self.verdicts.append(Verdict(text, reached, hit))

    def judge_back(self, event: str, seconds: float | None) -> None:
        """Adds one on the time until all is as before."""
        reached = "not within the run" if seconds is None else f"{seconds:.2f} s"
        self.judge(f"within 2 s of {event}", reached, hit=seconds is not None and seconds <= 2)


def redis_killed(lab: Faults) -> Result:
    """R1."""
    redis = lab.bench.redis

    def again() -> None:
        redis.start()
        lab.catalogue.cache.connect()

    seen = lab.observe("R1", [lab.cached], redis.server.kill, again)
    result = observed(lab, "R1", "kill -9 Redis, then started again", "cached", seen)
    judge_none_failed(result, seen.answers)
    limit = limit_ms(result, seen)
    result.judge_back("the kill p99 is back", back_after(seen.answers, seen.struck, seen.mended, limit))
    result.judge_back("Redis's return p99 is back", back_after(seen.answers, seen.mended, lab.timing.end, limit))
    return result


def redis_frozen(lab: Faults) -> Result:
    """R2."""
    redis = lab.bench.redis
    seen = lab.observe("R2", [lab.cached], redis.server.freeze, redis.server.thaw)
    result = observed(lab, "R2", "SIGSTOP Redis, then SIGCONT", "cached", seen)
    judge_none_failed(result, seen.answers)
    judge_longest(result, "reads", longest(seen.answers), 250)
    judge_leaks(result, seen)
    limit = limit_ms(result, seen)
    result.figures["p99_back_after_s"] = back_after(seen.answers, seen.struck, seen.mended, limit)
    result.figures["p99_back_after_return_s"] = back_after(seen.answers, seen.mended, lab.timing.end, limit)
    return result


def postgres_killed(lab: Faults) -> Result:
    """R3."""
    postgres = lab.bench.postgres
    seen = lab.observe("R3", [lab.cached, lab.cold], postgres.server.kill, postgres.start)
    result = observed(lab, "R3", "kill -9 Postgres, then started again", MIXED, seen)
    misses = judge_misses(result, seen)
    judge_longest(result, "503s", longest(misses, lambda one: one.status == 503), 200)
    last = max((one.due for one in misses if one.status != 200), default=seen.mended)
    result.judge_back("Postgres's return the last miss fails", max(0.0, last - seen.mended))
    judge_leaks(result, seen)
    return result


def postgres_frozen(lab: Faults) -> Result:
    """R4."""
    server = lab.bench.postgres.server
    seen = lab.observe("R4", [lab.cached, lab.cold], server.freeze, server.thaw)
    result = observed(lab, "R4", "SIGSTOP Postgres with all backends, then SIGCONT", MIXED, seen)
    judge_misses(result, seen)
    judge_longest(result, "reads", longest(seen.answers), 1_000)
    judge_leaks(result, seen)
    return result


def crowd(lab: Faults) -> Result:
    """R8."""
    result = Result("R8", f"{BURST:,} GETs of one product at once, nothing cached", f"{BURSTS} times, each another product")
    lab.count_store_queries()
    lab.catalogue.cache.clear()
    queries, slowest, failed = [], [], 0
    for number in range(BURSTS):
        lab.bench.progress.say(f"R8 {number + 1}/{BURSTS} …")
        before = lab.store_queries()
        one = Once(1, lab.catalogue.rows - number, 1)
        answers = lab.start(Arrivals(AT_ONCE, 0, BURST, BURST, BURST), [one]).result().answers
        queries.append(lab.store_queries() - before)
        slowest.append(longest(answers))
        failed += sum(answer.status != 200 for answer in answers)
    result.judge("1 store query for each product", f"{max(queries)} at most", hit=max(queries) == 1)
    result.judge("0 failed reads", str(failed), hit=failed == 0)
    result.figures.update(store_queries=queries, slowest_ms=[round(one, 1) for one in slowest])
    return result


SCENARIOS: dict[str, Callable[[Faults], Result]] = {
    "R1": redis_killed,
    "R2": redis_frozen,
    "R3": postgres_killed,
    "R4": postgres_frozen,
    "R8": crowd,
}

MIXED = "four of five cached, the fifth never asked for before"


def observed(lab: Faults, name: str, title: str, load: str, seen: Observed) -> Result:
    """What every run tells, whatever its targets."""
    result = Result(name, title, f"{lab.rate:,.0f} reads/s: {load}", zero=seen.struck)
    result.seconds = spans(seen.answers, seen.struck % 1, lab.timing.end, 1.0)
    for moment in (seen.struck, seen.mended):
        result.around += spans(seen.answers, moment - 0.5, moment + 3, 0.1)
    result.figures.update(
        rate=lab.rate,
        outcomes=outcomes(seen.answers),
        longest_ms=round(longest(seen.answers), 1),
        fault_lasted_s=round(seen.mended - seen.struck, 2),
        before=asdict(seen.before),
        after=asdict(seen.after),
        generator_connections=seen.generator.connections_opened,
        generator_longest_pause_ms=seen.generator.longest_pause_ms,
        generator_cores=round(seen.generator.cpu_seconds / lab.timing.end, 2),
    )
    result.errors += errors(seen, quick=lab.bench.plan.quick)
    result.disturbed = seen.foreign_cpu if seen.foreign_cpu > FOREIGN_CPU else 0.0
    return result


def errors(seen: Observed, *, quick: bool) -> list[str]:
    """What makes a run worth nothing; quick: only that nothing worked at all."""
    found = []
    # What was due but not answered when the fault struck belongs to the fault.
    early = span((one for one in seen.answers if one.answered < seen.struck), 0, seen.struck)
    if early.not_200 and (not quick or early.not_200 == early.count):
        found.append(f"{early.not_200} reads failed before the fault: {early.outcomes}")
    if seen.generator.longest_pause_ms > LONGEST_PAUSE_MS and not quick:
        found.append(f"the load generator paused for {seen.generator.longest_pause_ms:.0f} ms")
    return found


def limit_ms(result: Result, seen: Observed) -> float:
    """Up to where the 99th percentile counts as back."""
    before = median(one.p99 for one in spans(seen.answers, 0, seen.struck, 1.0))
    limit = max(2 * before, LEAST_LIMIT_MS)
    result.figures.update(p99_before_ms=round(before, 2), p99_limit_ms=round(limit, 2))
    return limit


def judge_none_failed(result: Result, answers: list[Answer]) -> None:
    """Every read has its product."""
    failed = sum(one.status != 200 for one in answers)
    result.judge("0 failed reads", f"{failed} of {len(answers):,}", hit=failed == 0)


def judge_longest(result: Result, what: str, reached: float, limit: int) -> None:
    """None waits longer."""
    result.judge(f"no {what} over {limit} ms", f"{reached:.0f} ms", hit=reached <= limit)


def judge_misses(result: Result, seen: Observed) -> list[Answer]:
    """What is cached is served, the rest told to come again; answers what became of the rest."""
    cached = [one for one in seen.answers if one.stream == CACHED]
    misses = [one for one in seen.answers if one.stream == COLD]
    failed = sum(one.status != 200 for one in cached)
    result.judge("every cached read succeeds", f"{failed} of {len(cached):,} failed", hit=failed == 0)
    refused = [one for one in misses if one.status != 200]
    odd = sum(one.status != 503 or not one.retry_after for one in refused)
    result.judge(
        "other misses are told 503 with Retry-After",
        f"{len(refused):,} of {len(misses):,} refused, {odd} otherwise",
        hit=odd == 0,
    )
    result.figures["misses"] = outcomes(misses)
    return misses


def judge_leaks(result: Result, seen: Observed) -> None:
    """Canvas holds what it held before."""
    before, after = asdict(seen.before), asdict(seen.after)
    grown = {name: f"{before[name]} → {after[name]}" for name in before if after[name] != before[name]}
    text = ", ".join(f"{name} {change}" for name, change in grown.items())
    result.judge("connections and descriptors as before", text or "the same", hit=not grown)
