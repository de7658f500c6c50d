"""What clients notice of a load at a given rate: good, shed and failed requests, and how long each took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from lab.generators.open_loop import TimedResponse
from lab.harness.statistics import percentile
from lab.measuring.rounds import rounded

GOOD = (200, 201)
NO_CONNECTION = -1


@dataclass(frozen=True)
class Strain:
    """The figures of one load. The names of the fields are the keys in the JSON file."""

    load: str
    peak_share: float | None
    """The offered rate over the peak; None if it does not depend on the peak."""
    offered: float
    """Requests per second that were due."""
    requests: int
    good: float
    """Answers per second with 200 or 201."""
    shed: int
    """Answers of 503 with Retry-After."""
    failed: int
    """Other answers, and connections that broke."""
    unsent: int
    """Requests that found no free connection in time."""
    p50_ms: float
    """Of good answers, since the request was due, as the next one."""
    p99_ms: float
    shed_p99_ms: float
    """Since the request was sent."""
    rss_mb: float
    lost: int
    """Lines of the service's log that say that a store is away."""
    normal_after_s: float | None
    """Seconds from the last answer until reads were quick again; None if that was not measured."""

    def as_json(self) -> dict[str, object]:
        """All figures, rounded."""
        return {key: rounded(value) for key, value in asdict(self).items()}


def strain(
    load: str,
    share: float | None,
    responses: Iterable[TimedResponse],
    seconds: float,
    *,
    rss_mb: float,
    lost: int,
    normal_after_s: float | None,
) -> Strain:
    """Summarises the responses of a load that lasted so long."""
    good, shed = [], []
    failed = unsent = count = 0
    for one in responses:
        count += 1
        if one.status in GOOD:
            good.append(one.ms)
        elif one.status == 503 and one.retry_after:
            shed.append(one.ms - one.waited_ms)
        elif one.status == NO_CONNECTION:
            unsent += 1
        else:
            failed += 1
    good.sort()
    shed.sort()
    return Strain(
        load,
        share,
        count / seconds,
        count,
        len(good) / seconds,
        len(shed),
        failed,
        unsent,
        percentile(good, 0.5),
        percentile(good, 0.99),
        percentile(shed, 0.99),
        rss_mb,
        lost,
        normal_after_s,
    )
