"""From rounds to figures: medians, spreads, ratios of the same round."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from lab.measure import FOREIGN_CPU, Round
from lab.scenarios import Result, Target


@dataclass(frozen=True)
class Spread:
    """Median, least and greatest of some rounds."""

    median: float
    least: float
    greatest: float

    @staticmethod
    def of(values: Iterable[float]) -> Spread:
        """At least one value."""
        known = list(values)
        return Spread(median(known), min(known), max(known))

    def as_json(self) -> dict[str, float]:
        """The three figures."""
        return {
            "median": round(self.median, 4),
            "min": round(self.least, 4),
            "max": round(self.greatest, 4),
        }


@dataclass(frozen=True)
class Verdict:
    """A target and what came of it."""

    target: Target
    text: str
    ratio: Spread
    is_hit: bool


def sides(result: Result) -> list[str]:
    """The names of the sides in the order of their rounds."""
    return list(dict.fromkeys(one.side for one in result.rounds))


def rounds_of(result: Result, side: str) -> list[Round]:
    """The rounds of a side in their order."""
    return [one for one in result.rounds if one.side == side]


def spread(result: Result, side: str, value: Callable[[Round], float | None]) -> Spread | None:
    """A figure of a side; none where the side has none."""
    values = [value(one) for one in rounds_of(result, side)]
    known = [one for one in values if one is not None]
    return Spread.of(known) if known else None


def ratio(result: Result, over: str, value: Callable[[Round], float]) -> Spread | None:
    """The subject's figure over another side's of the same round, then the median of those."""
    pairs = zip(rounds_of(result, result.subject), rounds_of(result, over), strict=True)
    ratios = [value(ours) / value(theirs) for ours, theirs in pairs if value(theirs) > 0]
    return Spread.of(ratios) if ratios else None


def speed(one: Round) -> float:
    """Requests a second."""
    return one.requests_per_second


def cpu(part: str) -> Callable[[Round], float]:
    """Microseconds of CPU time a request of a part."""
    return lambda one: one.cpu_us_per_request[part]


def verdicts(result: Result) -> list[Verdict]:
    """Each target whose side has been measured."""
    found = []
    for target in result.targets:
        if target.over not in sides(result):
            continue
        reached = ratio(result, target.over, cpu(target.cpu_of) if target.cpu_of else speed)
        if reached is None:
            continue
        if target.cpu_of:
            is_hit, sign, what = reached.median <= target.ratio, "≤", f"{target.cpu_of}'s CPU a request"
        else:
            is_hit, sign, what = reached.median >= target.ratio, "≥", "requests a second"
        text = f"{what} {sign} {target.ratio:g} × {target.over}"
        found.append(Verdict(target, text, reached, is_hit))
    return found


def errors(result: Result) -> list[str]:
    """What makes a run invalid."""
    return [
        f"{result.name} round {one.number} {one.side}: "
        + ", ".join(f"{kind} {count}" for kind, count in one.errors.items())
        for one in result.rounds
        if one.errors
    ]


def disturbed(result: Result) -> list[Round]:
    """Rounds during which other processes, or the machine's other guests, took CPU time."""
    return [one for one in result.rounds if one.foreign_cpu > FOREIGN_CPU or one.stolen_cpu > FOREIGN_CPU]
