"""Computes figures from rounds: medians, extremes, and ratios within the same round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab.harness.statistics import Spread
from lab.measuring.comparison import Comparison
from lab.measuring.rounds import Round


# The parts that a request uses, without the load generator.
SERVERS = ("service", "redis", "postgres")


@dataclass(frozen=True)
class TargetVerdict:
    """A target as text, the measured ratio, and whether the target was met."""

    text: str
    ratio: Spread
    is_hit: bool


def spread(comparison: Comparison, side: str, figure: Callable[[Round], float | None]) -> Spread | None:
    """A figure of a side over its rounds; None if the side does not have it."""
    return Spread.of_known(figure(one) for one in comparison.rounds_of(side))


def ratio(
    comparison: Comparison, over: str, figure: Callable[[Round], float], side: str | None = None
) -> Spread | None:
    """The figure of a side, or of the subject, over another side's figure of the same round."""
    pairs = zip(comparison.rounds_of(side or comparison.subject), comparison.rounds_of(over), strict=True)
    return Spread.of_known(figure(ours) / figure(theirs) for ours, theirs in pairs if figure(theirs) > 0)


def rate(one: Round) -> float:
    """Requests per second."""
    return one.requests_per_second


def cpu_of(part: str) -> Callable[[Round], float]:
    """The CPU time per request of a part or of all servers, in microseconds."""
    if part == "servers":
        return lambda one: sum(one.cpu_us_per_request[name] for name in SERVERS)
    return lambda one: one.cpu_us_per_request[part]


def verdicts(comparison: Comparison) -> list[TargetVerdict]:
    """A verdict on each target whose side was measured."""
    found = []
    for target in comparison.targets:
        if target.over not in comparison.sides():
            continue
        measured = ratio(comparison, target.over, cpu_of(target.cpu_of) if target.cpu_of else rate, target.side)
        if measured is None:
            continue
        if target.cpu_of:
            is_hit, sign, what = measured.median <= target.ratio, "≤", f"CPU of {target.cpu_of} per request"
        else:
            is_hit, sign, what = measured.median >= target.ratio, "≥", "requests per second"
        of = f"{target.side}: " if target.side else ""
        found.append(TargetVerdict(f"{of}{what} {sign} {target.ratio:g} × {target.over}", measured, is_hit))
    return found


def errors(comparison: Comparison) -> list[str]:
    """What makes rounds invalid."""
    return [
        f"{comparison.name} round {one.number} {one.side}: "
        + ", ".join(f"{kind} {count}" for kind, count in one.errors.items())
        for one in comparison.rounds
        if one.errors
    ]


def disturbed(comparison: Comparison) -> list[Round]:
    """Rounds during which other processes, or other guests of the host, used CPU time."""
    return [one for one in comparison.rounds if one.is_disturbed()]
