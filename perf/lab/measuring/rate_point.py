"""What clients notice of a service at a given rate, and which part of the machine is busy then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from lab.generators.open_loop import TimedResponse
from lab.harness.statistics import percentile
from lab.measuring.rounds import rounded

GOOD = (200, 201)

# A rate is held if nothing fails, so much of it is answered in time, and 99 of 100 answers take no longer.
HELD_SHARE, HELD_P99_MS = 0.98, 200.0

# A service has collapsed if it answers less than this share of the rate.
COLLAPSED_SHARE = 0.5

# The machine is full if its parts use more of its cores than this.
FULL_SHARE = 0.85


@dataclass(frozen=True)
class RatePoint:
    """The figures of one rate. The names of the fields are the keys in the JSON file."""

    offered: float
    """Requests per second that were due."""
    good: float
    """Answers per second with 200 or 201."""
    failed_share: float
    """The share of requests that had another outcome."""
    mean_ms: float
    """Of good answers, since the request was due, as the next ones."""
    p50_ms: float
    p90_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float
    cores: Mapping[str, float]
    """What each part used of the machine."""
    foreign_cores: float
    """What other processes and guests used."""

    @property
    def held(self) -> bool:
        """Whether the service holds this rate."""
        return not self.failed_share and self.good >= HELD_SHARE * self.offered and self.p99_ms <= HELD_P99_MS

    @property
    def collapsed(self) -> bool:
        """Whether most of the rate is lost."""
        return self.good < COLLAPSED_SHARE * self.offered

    def saturated(self, machine_cores: int) -> str:
        """What is used up at this rate."""
        used = sum(self.cores.values())
        part = max(self.cores, key=lambda name: self.cores[name])
        if used + self.foreign_cores >= FULL_SHARE * machine_cores:
            return f"all {machine_cores} cores, {self.cores[part]:.1f} of them by {part}"
        if any(each >= FULL_SHARE for each in self.cores.values() if machine_cores > 1):
            return f"one core, by {part}"
        return f"no core: {used:.1f} of {machine_cores} are used"

    def as_json(self) -> dict[str, object]:
        """All figures, rounded."""
        return {"held": self.held, **{key: rounded(value) for key, value in asdict(self).items()}}


def rate_point(
    responses: Iterable[TimedResponse], seconds: float, cores: Mapping[str, float], foreign_cores: float
) -> RatePoint:
    """Summarises the responses of a load that lasted so long."""
    count, good = 0, []
    for one in responses:
        count += 1
        if one.status in GOOD:
            good.append(one.ms)
    good.sort()
    return RatePoint(
        count / seconds,
        len(good) / seconds,
        1 - len(good) / max(1, count),
        sum(good) / max(1, len(good)),
        percentile(good, 0.5),
        percentile(good, 0.9),
        percentile(good, 0.99),
        percentile(good, 0.999),
        percentile(good, 1),
        cores,
        foreign_cores,
    )


@dataclass(frozen=True)
class RateCurve:
    """The points of one service for one kind of request, by rising rate."""

    database: str
    route: str
    products: str
    """Which products are asked for."""
    points: list[RatePoint]

    @property
    def knee(self) -> RatePoint | None:
        """The highest rate that is held; None if none is."""
        held = [one for one in self.points if one.held]
        return held[-1] if held else None
