"""What a scenario is: its sides, measured in turn, and the ratios that are wanted."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab.bench import Bench
from lab.measure import Round, Side


@dataclass(frozen=True)
class Target:
    """A ratio that is wanted: of requests a second, or of a part's CPU time a request."""

    over: str
    ratio: float
    cpu_of: str | None = None


@dataclass
class Result:
    """What a scenario gave."""

    name: str
    title: str
    subject: str
    """The side that the others are compared with."""
    notes: list[str] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    starts_s: list[float] = field(default_factory=list)


def interleaved(bench: Bench, result: Result, sides: list[Side]) -> None:
    """Warms every side up, then runs a round of each, then the next round of each, and so on."""
    plan, progress = bench.plan, bench.progress
    for side in sides:
        progress.say(f"{result.name} warming up {side.name}")
        bench.meter.warm_up(side, plan.warm_up)
    for number in range(1, plan.rounds + 1):
        for side in sides:
            progress.say(f"{result.name} round {number}/{plan.rounds} {side.name} …")
            done = bench.meter.round(side, number, plan.seconds, plan.lead_in)
            progress.say(f"{result.name} round {number}/{plan.rounds} {side.name}: {done.requests_per_second:,.0f}/s")
            result.rounds.append(done)
