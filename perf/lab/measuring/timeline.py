"""Turns the responses of an open loop into figures over time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lab.generators.open_loop import NO_STATUS, TimedResponse
from lab.harness.statistics import percentile

# The 99th percentile has recovered where it stays below a limit for a second, in windows of 250 ms.
WINDOW_SECONDS = 0.25
WINDOWS_IN_A_ROW = 4


@dataclass(frozen=True)
class Interval:
    """The outcomes of requests that were due between two moments; latencies in ms."""

    begin: float
    seconds: float
    outcomes: dict[str, int]
    p50: float
    p99: float
    max: float

    @property
    def count(self) -> int:
        """The number of requests."""
        return sum(self.outcomes.values())

    @property
    def not_200(self) -> int:
        """The number of requests with another status than 200, or without one."""
        return self.count - self.outcomes.get("200", 0)


def interval(responses: Iterable[TimedResponse], begin: float, seconds: float) -> Interval:
    """Summarises the requests that were due in one interval."""
    chosen = [one for one in responses if begin <= one.due < begin + seconds]
    latencies = sorted(one.ms for one in chosen)
    return Interval(
        begin,
        seconds,
        outcomes(chosen),
        percentile(latencies, 0.5),
        percentile(latencies, 0.99),
        percentile(latencies, 1),
    )


def intervals(responses: Sequence[TimedResponse], begin: float, end: float, seconds: float) -> list[Interval]:
    """Adjacent intervals of equal length; a rest at the end that is shorter is left out."""
    by_number: dict[int, list[TimedResponse]] = {}
    for one in responses:
        by_number.setdefault(math.floor((one.due - begin) / seconds), []).append(one)
    return [
        interval(by_number.get(number, []), begin + number * seconds, seconds)
        for number in range(int((end - begin) / seconds + 1e-9))
    ]


def outcomes(responses: Iterable[TimedResponse]) -> dict[str, int]:
    """The number of requests by status, or by the reason why there was none."""
    return dict(Counter(NO_STATUS.get(one.status, str(one.status)) for one in responses))


def longest_ms(
    responses: Iterable[TimedResponse], is_chosen: Callable[[TimedResponse], bool] = lambda one: True
) -> float:
    """The longest latency of the chosen requests; 0 if there are none."""
    return max((one.ms for one in responses if is_chosen(one)), default=0.0)


def recovery_seconds(responses: Sequence[TimedResponse], since: float, end: float, limit_ms: float) -> float | None:
    """Seconds from a moment until the 99th percentile stays within the limit; None if it does not before the end."""
    in_a_row = 0
    for number, window in enumerate(intervals(responses, since, end, WINDOW_SECONDS)):
        in_a_row = in_a_row + 1 if window.p99 <= limit_ms else 0
        if in_a_row == WINDOWS_IN_A_ROW:
            return (number + 1 - WINDOWS_IN_A_ROW) * WINDOW_SECONDS
    return None
