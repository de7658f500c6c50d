"""The charts of perf/pressure, from its JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.report.drawing import Specification

Document = Mapping[str, Any]


def charts(results: Sequence[Document]) -> dict[str, Specification]:
    """The charts by their names, of the scenarios that have one."""
    by_name = {one.get("name"): one for one in results}
    found: dict[str, Specification] = {}
    if "P1" in by_name:
        found["pressure-connections"] = connections(by_name["P1"])
    if "P2" in by_name:
        found["pressure-goodput"] = goodput(by_name["P2"])
    return found


def connections(result: Document) -> Specification:
    """P1: good answers per second over the number of connections, but not those after the largest."""
    values = [
        {"connections": int(one["connections"].replace(",", "")), "side": one["side"], "good": one["goodput"]}
        for one in result["rounds"]
        if not one["connections"].endswith("after")
    ]
    x = {"field": "connections", "type": "quantitative", "scale": {"type": "log"},
         "axis": {"format": ",d", "values": sorted({one["connections"] for one in values})}}  # fmt: skip
    colour = {"field": "side", "type": "nominal", "sort": None, "title": None}
    good = {"field": "good", "type": "quantitative"}
    return {
        "title": "Hot reads over connections: median, minimum and maximum",
        "data": {"values": values},
        "width": 560,
        "height": 280,
        "encoding": {"x": x, "color": colour},
        "layer": [
            {"mark": {"type": "line", "point": True},
             "encoding": {"y": {**good, "aggregate": "median", "title": "good answers per second"}}},
            {"mark": "rule", "encoding": {"y": {**good, "aggregate": "min"}, "y2": {"field": "good", "aggregate": "max"}}},
        ],
    }  # fmt: skip


def goodput(result: Document) -> Specification:
    """P2: good answers over the offered load, both as multiples of the peak, beside an ideal service."""
    values = [
        {"load": one["load"], "offered": one["peak_share"], "good": one["good"] * one["peak_share"] / one["offered"]}
        for one in result["loads"]
        if one["peak_share"]
    ]
    shares = sorted({one["offered"] for one in values})
    ideal = [{"load": "ideal", "offered": share, "good": min(1.0, share)} for share in shares]
    return {
        "title": "Goodput over offered load",
        "data": {"values": [*values, *ideal]},
        "width": 560,
        "height": 280,
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "offered", "type": "quantitative", "title": "offered load, as a multiple of the peak"},
            "y": {"field": "good", "type": "quantitative", "axis": {"format": "%"},
                  "title": "good answers, in percent of the peak"},
            "color": {"field": "load", "type": "nominal", "sort": None, "title": None},
            "strokeDash": {"condition": {"test": "datum.load === 'ideal'", "value": [6, 4]}, "value": [1, 0]},
        },
    }  # fmt: skip
