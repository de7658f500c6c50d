"""Writes the report of a whole run: results.json, report.md, index.html with its charts, and the table of the README."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.harness.errors import LabError
from lab.report import charts, drawing

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}
pre {{ overflow-x: auto; background: #f6f6f4; padding: 1rem; font-size: 13px; line-height: 1.45 }}
table {{ border-collapse: collapse }} td, th {{ border: 1px solid #ddd; padding: .3rem .6rem; text-align: left }}
svg {{ max-width: 100%; height: auto }}
</style>
{body}
</html>
"""
TITLE = "Canvas: measurements"

# What stands between these lines of README.md is written by perf/run --readme.
BEGIN, END = "<!-- figures: perf/run --readme -->\n", "<!-- end of figures -->\n"
README_CHART = "docs/requests-per-second.svg"


@dataclass(frozen=True)
class Part:
    """What one command has measured."""

    command: str
    title: str
    tables: str
    """What it printed."""
    document: dict[str, Any]
    """Its JSON; empty if it has failed early."""
    failed: bool


def write(folder: Path, parts: Sequence[Part], *, quick: bool) -> None:
    """Writes all files of the report into a folder."""
    documents = {part.command: part.document for part in parts if part.document}
    (folder / "results.json").write_text(json.dumps(documents, indent=1, ensure_ascii=False) + "\n")
    pictures = drawing.write(folder, charts.charts(documents))
    text = markdown(parts, list(pictures), quick=quick)
    (folder / "report.md").write_text(text)
    body = re.sub(
        r'<img src="([^"]+)\.svg"[^>]*>', lambda found: pictures[html.unescape(found[1])], drawing.html_of(text)
    )
    (folder / "index.html").write_text(PAGE.format(title=TITLE, body=body))


def markdown(parts: Sequence[Part], pictures: Sequence[str], *, quick: bool) -> str:
    """The report: the machine, the targets, then each part with its charts."""
    lines = [f"# {TITLE}", ""]
    if quick:
        lines += ["**Not a measurement**: a quick check that the lab works.", ""]
    lines += [*machine(parts), "", "## Targets", "", "| | target | reached | |", "|---|---|---|---|"]
    lines += [f"| {scenario} | {text} | {reached} | {mark} |" for scenario, text, reached, mark in targets(parts)]
    for part in parts:
        lines += ["", f"## {part.title}", ""]
        lines += [f"![{name}]({name}.svg)\n" for name in pictures if chart_part(name) == part.command]
        lines += ["```text", part.tables, "```"]
        if part.failed:
            lines += ["", f"perf/{part.command} has **failed**."]
    return "\n".join(lines) + "\n"


def machine(parts: Sequence[Part]) -> Iterator[str]:
    """What was measured, where and when."""
    first = next((part.document for part in parts if part.document), None)
    if first is None:
        return
    of = first["machine"]
    yield f"{of['processor']}, {of['cores']} cores, {of['memory_mb']:,} MB; {of['system']}, Linux {of['kernel']}."
    yield f"Begun {first['written']}, commit {of['commit']}."
    versions = ", ".join(f"{name} {version}" for name, version in of["versions"].items())
    yield from textwrap.wrap(f"Versions: {versions}.", 120, break_on_hyphens=False)


def targets(parts: Sequence[Part]) -> Iterator[tuple[str, str, str, str]]:
    """Scenario, target, what was reached, and whether that is a hit."""
    for part in parts:
        for result in part.document.get("results", ()):
            for target in result.get("targets", ()):
                hit = target.get("hit", target.get("is_hit"))
                ratio = target.get("ratio")
                reached = f"{ratio['median']:.2f} ({ratio['min']:.2f} – {ratio['max']:.2f})" if ratio else ""
                text = str(target.get("target", target.get("text", ""))).replace("|", "\\|")
                yield result["scenario"], text, reached or target.get("reached", ""), "hit" if hit else "missed"


def chart_part(name: str) -> str:
    """The command whose figures a chart shows."""
    beginning = name.partition("-")[0]
    return {"peers": "read", "batches": "seed", "fault": "faults"}.get(beginning, beginning)


def renew_readme(root: Path, parts: Sequence[Part]) -> None:
    """Renews the table and the chart of README.md from the reads."""
    reads = next((part.document for part in parts if part.command == "read" and part.document), None)
    if reads is None:
        raise LabError("README.md shows reads, but perf/read is not among the parts")
    readme = root / "README.md"
    before, begin, rest = readme.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise LabError(f"README.md lacks the lines {BEGIN.strip()} and {END.strip()}")
    (root / README_CHART).write_text(drawing.pictures([charts.peers(reads)])[0] + "\n")
    readme.write_text(before + begin + "\n".join(readme_table(reads)) + "\n" + end + after)


def readme_table(reads: dict[str, Any]) -> Iterator[str]:
    """Canvas beside its peers, hot and from Redis."""
    results = {one["scenario"]: one["summary"] for one in reads["results"]}
    hot, cached = results.get(charts.HOT, {}), results.get(charts.CACHED, {})
    yield "| requests per second | hot products | products in Redis |"
    yield "|---|---|---|"
    for side in dict.fromkeys([*hot, *cached]):
        figures = [
            f"{summary[side]['requests_per_second']['median']:,.0f}" if side in summary else ""
            for summary in (hot, cached)
        ]
        yield f"| {side} | {' | '.join(figures)} |"
    of = reads["machine"]
    yield ""
    yield f"{of['processor']}, {of['cores']} cores with the load generator on them; {reads['written'][:10]}."
