"""The charts of all commands, from the JSON documents that they write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.report import pressure_charts, rate_charts
from lab.report.drawing import Specification

Document = Mapping[str, Any]

# The peers are compared at this scenario's rounds.
HOT, CACHED = "S1", "S2"


def charts(parts: Mapping[str, Document]) -> dict[str, Specification]:
    """The charts that the parts allow, by their names."""
    found: dict[str, Specification] = {}
    if "read" in parts:
        found["peers"] = peers(parts["read"])
    if "rates" in parts:
        found |= rate_charts.charts(parts["rates"]["results"])
    if "seed" in parts and (batches := batch_rates(parts["seed"]["results"])):
        found["batches"] = batches
    if "pressure" in parts:
        found |= pressure_charts.charts(parts["pressure"]["results"])
    for result in parts["faults"]["results"] if "faults" in parts else ():
        if result["seconds"]:
            found[f"fault-{result['scenario']}"] = fault(result)
    return found


def peers(document: Document) -> Specification:
    """Requests per second of Canvas and its peers, with the range over the rounds."""
    values = [
        {"scenario": f"{result['scenario']}  {result['title']}", "side": side, **summary["requests_per_second"]}
        for result in document["results"]
        if result["scenario"] in (HOT, CACHED)
        for side, summary in result["summary"].items()
    ]
    return {
        "title": "Requests per second",
        "data": {"values": values},
        "facet": {"field": "scenario", "type": "nominal", "title": None},
        "columns": 1,
        "spec": {
            "width": 560,
            "height": {"step": 26},
            "encoding": {"y": {"field": "side", "type": "nominal", "sort": None, "title": None}},
            "layer": [
                {"mark": "bar", "encoding": {
                    "x": {"field": "median", "type": "quantitative", "title": "requests per second"},
                    "color": {"condition": {"test": "datum.side === 'canvas'", "value": "#d55e00"}, "value": "#0072b2"},
                }},
                {"mark": "rule", "encoding": {
                    "x": {"field": "min", "type": "quantitative"}, "x2": {"field": "max"}}},
            ],
        },
    }  # fmt: skip


def batch_rates(results: Sequence[Document]) -> Specification | None:
    """The rates of loading over the size of the batches; None if they were not measured."""
    values = [
        {"batch": int(load["side"].replace(",", "")), "rate": load["rows"] / load["seconds"]}
        for result in results
        if result["scenario"] == "batch"
        for load in result["loads"]
    ]
    if not values:
        return None
    x = {"field": "batch", "type": "quantitative", "scale": {"type": "log"}, "title": "products per batch"}
    return {
        "title": "Loading: products per second over products per batch",
        "data": {"values": values},
        "width": 560,
        "height": 220,
        "encoding": {"x": x},
        "layer": [
            {"mark": {"type": "line", "point": True},
             "encoding": {"y": {"aggregate": "median", "field": "rate", "type": "quantitative",
                                "title": "products per second"}}},
            {"mark": "rule", "encoding": {"y": {"aggregate": "min", "field": "rate"},
                                          "y2": {"aggregate": "max", "field": "rate"}}},
        ],
    }  # fmt: skip


def fault(result: Document) -> Specification:
    """What readers noticed of a fault, second by second."""
    panels = ("good answers per second", "other outcomes per second", "p99, ms")
    values = []
    for second in result["seconds"]:
        good = second["outcomes"].get("200", 0)
        others = sum(second["outcomes"].values()) - good
        for panel, value in zip(panels, (good, others, second["p99_ms"]), strict=True):
            values.append({"second": second["second"], "panel": panel, "value": value})
    return {
        "title": f"{result['scenario']}  {result['title']}",
        "data": {"values": values},
        "facet": {"row": {"field": "panel", "type": "nominal", "sort": None, "title": None,
                          "header": {"labelAngle": 0, "labelAlign": "left"}}},
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": 560,
            "height": 90,
            "layer": [
                {"mark": {"type": "line", "interpolate": "step-after"}, "encoding": {
                    "x": {"field": "second", "type": "quantitative", "title": "seconds since the fault began"},
                    "y": {"field": "value", "type": "quantitative", "title": None}}},
                {"mark": {"type": "rule", "strokeDash": [4, 4]}, "encoding": {"x": {"datum": 0}}},
            ],
        },
    }  # fmt: skip
