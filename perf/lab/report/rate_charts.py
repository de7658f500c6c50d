"""The charts of perf/rates, from its JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.report.drawing import Specification

Document = Mapping[str, Any]

BY_DATABASE: Mapping[str, object] = {
    "field": "database", "type": "nominal", "sort": None, "title": None,
    "legend": {"orient": "bottom", "columns": 2, "labelLimit": 300},
}  # fmt: skip


def charts(results: Sequence[Document]) -> dict[str, Specification]:
    """The charts by their names: latency and good answers over the rate, and latency by percentile."""
    values = [
        {
            "database": curve["database"],
            "asked": f"{curve['route']}, {curve['products']}",
            "rate": point["offered"],
            "p99": max(0.05, point["p99_ms"]),
            "good": point["good"],
        }
        for curve in results
        for point in curve["points"]
        if point["good"] >= 1
    ]
    return {
        "rates-latency": over_the_rate("Latency over the offered rate", values, "p99", "p99, ms"),
        "rates-goodput": over_the_rate("Good answers over the offered rate", values, "good", "good answers a second"),
        "rates-percentiles": percentiles(results),
    }


def over_the_rate(title: str, values: list[dict[str, object]], field: str, label: str) -> Specification:
    """One panel for each kind of request, one line for each service, on logarithmic scales."""
    return {
        "title": title,
        "data": {"values": values},
        "facet": {"field": "asked", "type": "nominal", "title": None, "sort": None},
        "columns": 2,
        "spec": {
            "width": 380,
            "height": 220,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "rate", "type": "quantitative", "scale": {"type": "log"},
                      "axis": {"format": "~s", "tickCount": 6, "title": "offered requests a second"}},
                "y": {"field": field, "type": "quantitative", "scale": {"type": "log"},
                      "axis": {"format": "~s", "tickCount": 5, "title": label}},
                "color": BY_DATABASE,
            },
        },
    }  # fmt: skip


def percentiles(results: Sequence[Document]) -> Specification:
    """Latencies by percentile, at the highest rate that every service holds for each kind of request."""
    values = []
    for asked in dict.fromkeys((one["route"], one["products"]) for one in results):
        curves = [one for one in results if (one["route"], one["products"]) == asked]
        held = [rates_of(one, held_only=True) for one in curves]
        common = set.intersection(*map(set, held)) if held else set()
        if not common:
            continue
        rate = max(common)
        for curve in curves:
            point = rates_of(curve, held_only=False)[rate]
            for name in ("p50", "p90", "p99", "p999", "max"):
                values.append({
                    "asked": f"{asked[0]}, {asked[1]}, at {rate:,}/s",
                    "database": curve["database"],
                    "percentile": name.replace("999", "99.9").replace("p", "p "),
                    "ms": max(0.05, point[f"{name}_ms"]),
                })  # fmt: skip
    return {
        "title": "Latency by percentile, at the highest rate that all hold",
        "data": {"values": values},
        "facet": {"field": "asked", "type": "nominal", "title": None, "sort": None},
        "columns": 2,
        "spec": {
            "width": 300,
            "height": 200,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "percentile", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": 0}},
                "y": {"field": "ms", "type": "quantitative", "scale": {"type": "log"}, "title": "ms"},
                "color": BY_DATABASE,
            },
        },
    }  # fmt: skip


def rates_of(curve: Document, *, held_only: bool) -> dict[int, Document]:
    """The points of a curve by their rate."""
    return {round(one["offered"]): one for one in curve["points"] if one["held"] or not held_only}
