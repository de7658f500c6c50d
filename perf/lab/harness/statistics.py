"""Summarises repeated measurements: median with extremes, and percentiles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Spread:
    """Median, minimum and maximum of some values."""

    median: float
    min: float
    max: float

    @staticmethod
    def of(values: Iterable[float]) -> Spread:
        """Summarises at least one value."""
        known = list(values)
        return Spread(median(known), min(known), max(known))

    @staticmethod
    def of_known(values: Iterable[float | None]) -> Spread | None:
        """Summarises the values that are known; None if there are none."""
        known = [value for value in values if value is not None]
        return Spread.of(known) if known else None

    def as_json(self) -> dict[str, float]:
        """The three figures, with four decimals."""
        return {"median": round(self.median, 4), "min": round(self.min, 4), "max": round(self.max, 4)}


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all sorted values does not exceed; 0 if there are none."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
