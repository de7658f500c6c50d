"""From answers to figures over time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lab.openloop import NO_STATUS, Answer

# The 99th percentile counts as back from where on it stays so low for a second, measured in windows.
WINDOW_SECONDS = 0.25
WINDOWS_IN_A_ROW = 4


@dataclass(frozen=True)
class Span:
    """The answers to what was due between two moments; latencies in ms."""

    begin: float
    seconds: float
    outcomes: dict[str, int]
    p50: float
    p99: float
    greatest: float

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.outcomes.values())

    @property
    def not_200(self) -> int:
        """Those with another status, or none."""
        return self.count - self.outcomes.get("200", 0)


def span(answers: Iterable[Answer], begin: float, seconds: float) -> Span:
    """The answers to what was due in so many seconds from a moment on."""
    chosen = [one for one in answers if begin <= one.due < begin + seconds]
    latencies = sorted(one.ms for one in chosen)
    return Span(
        begin, seconds, outcomes(chosen), percentile(latencies, 0.5), percentile(latencies, 0.99), percentile(latencies, 1)
    )  # fmt: skip


def spans(answers: Sequence[Answer], begin: float, end: float, seconds: float) -> list[Span]:
    """One span after the other, the last one whole."""
    sorted_in: dict[int, list[Answer]] = {}
    for one in answers:
        sorted_in.setdefault(math.floor((one.due - begin) / seconds), []).append(one)
    return [
        span(sorted_in.get(number, []), begin + number * seconds, seconds)
        for number in range(int((end - begin) / seconds + 1e-9))
    ]


def outcomes(answers: Iterable[Answer]) -> dict[str, int]:
    """How many answers had which status, or why they had none."""
    return dict(Counter(NO_STATUS.get(one.status, str(one.status)) for one in answers))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that a share of all values does not pass; 0 where there are none."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def longest(answers: Iterable[Answer], chosen: Callable[[Answer], bool] = lambda one: True) -> float:
    """The longest latency in ms; 0 where there is none."""
    return max((one.ms for one in answers if chosen(one)), default=0.0)


def back_after(answers: Sequence[Answer], since: float, end: float, limit_ms: float) -> float | None:
    """Seconds from a moment until the 99th percentile is within a limit and stays there; none: never."""
    windows = spans(answers, since, end, WINDOW_SECONDS)
    calm = 0
    for number, window in enumerate(windows):
        calm = calm + 1 if window.p99 <= limit_ms else 0
        if calm == WINDOWS_IN_A_ROW:
            return (number + 1 - WINDOWS_IN_A_ROW) * WINDOW_SECONDS
    return None
