"""Draws charts with Vega-Lite and makes HTML of Markdown, both in Node; see perf/charts."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from lab.harness.errors import LabError
from lab.harness.paths import PERF

CHARTS = PERF / "charts"

Specification = Mapping[str, object]
"""A chart as Vega-Lite describes it: https://vega.github.io/vega-lite/docs/."""

# Colours that people with defective colour vision can tell apart (Okabe and Ito).
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#555555"]
CONFIGURATION: Mapping[str, object] = {
    "background": "white",
    "font": "sans-serif",
    "padding": 12,
    "range": {"category": COLOURS},
    "view": {"stroke": None},
    "axis": {"gridColor": "#ddd", "domain": False, "labelFontSize": 12, "titleFontSize": 12},
    "title": {"fontSize": 15, "anchor": "start"},
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 240},
}


def check_installed() -> None:
    """Fails if charts cannot be drawn. To be called before what they show is measured."""
    if not (CHARTS / "node_modules").is_dir():
        raise LabError("The npm packages of the charts are not installed: run perf/install")


def pictures(specifications: Sequence[Specification]) -> list[str]:
    """The charts as SVG, in their order."""
    return drawn(specifications, "")[0]


def write(folder: Path, named: Mapping[str, Specification]) -> dict[str, str]:
    """Draws charts into a folder, each into a file of its name; the pictures by their names."""
    drawn_ones = dict(zip(named, pictures(list(named.values())), strict=True))
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in drawn_ones.items():
        (folder / f"{name}.svg").write_text(picture + "\n")
    return drawn_ones


def html_of(markdown: str) -> str:
    """The HTML of a text in Markdown."""
    return drawn([], markdown)[1]


def drawn(specifications: Sequence[Specification], markdown: str) -> tuple[list[str], str]:
    """Runs Node."""
    check_installed()
    charts = [{"config": CONFIGURATION, **one} for one in specifications]
    given = json.dumps({"charts": charts, "markdown": markdown})
    ended = subprocess.run(["node", "draw.mjs"], cwd=CHARTS, input=given, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise LabError(f"A chart was not drawn:\n{ended.stderr.strip()[-800:]}")
    made = json.loads(ended.stdout)
    return made["pictures"], made["html"]
