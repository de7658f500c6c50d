"""Presents the result of a fault, as a table for the terminal and as JSON for the file."""

from __future__ import annotations

from dataclasses import asdict

from lab.measuring.fault_result import FaultResult
from lab.measuring.timeline import Interval

# The table shows the seconds this close to the start and end of the fault, and those with a slower read.
SHOWN_SECONDS = 2
SLOW_MS = 50.0


def as_text(result: FaultResult, *, judged: bool) -> str:
    """The seconds around the fault, the targets and the figures; judged: also whether targets were met."""
    lines = [f"{result.name}  {result.title}", f"  {result.load}"]
    if result.seconds:
        lines.append(f"  {'second':>8}  {'reads':>7}  {'not 200':>7}  {'p50 ms':>7}  {'p99 ms':>7}  {'max ms':>7}")
        lines += [row(one, result.fault_began) for one in result.seconds if is_shown(one, result)]
    for verdict in result.verdicts:
        mark = ("hit   " if verdict.is_hit else "missed") if judged else "-     "
        lines.append(f"  {mark} {verdict.text}: {verdict.reached}")
    lines += [f"  {name}: {figure_text(value)}" for name, value in result.figures.items()]
    lines += [f"  INVALID {problem}" for problem in result.errors]
    if judged and result.disturbed_cores:
        lines.append(f"  DISTURBED other work used {result.disturbed_cores:.2f} cores")
    return "\n".join(lines)


def is_shown(second: Interval, result: FaultResult) -> bool:
    """Whether a second is near the start or end of the fault, or had a failed or slow read."""
    lasted = result.figures["fault_lasted_s"]
    assert isinstance(lasted, float)
    since = second.begin - result.fault_began
    near = any(-SHOWN_SECONDS <= since - moment <= SHOWN_SECONDS for moment in (0.0, lasted))
    return near or bool(second.not_200) or second.max > SLOW_MS


def row(second: Interval, fault_began: float) -> str:
    """One line, its time relative to the start of the fault."""
    since = round(second.begin - fault_began)
    latencies = f"{second.p50:>7.1f}  {second.p99:>7.1f}  {second.max:>7.1f}"
    return f"  {since:>+8}  {second.count:>7,}  {second.not_200:>7,}  {latencies}"


def figure_text(value: object) -> str:
    """A figure as text."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {one:,}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def as_json(result: FaultResult) -> dict[str, object]:
    """All figures."""
    return {
        "scenario": result.name,
        "title": result.title,
        "load": result.load,
        "valid": not result.errors,
        "errors": result.errors,
        "disturbed_cores": round(result.disturbed_cores, 2),
        "targets": [asdict(verdict) for verdict in result.verdicts],
        "figures": result.figures,
        "seconds": [interval_as_json(one, result.fault_began, 0) for one in result.seconds],
        "around_the_fault": [interval_as_json(one, result.fault_began, 1) for one in result.around_fault],
    }


def interval_as_json(interval: Interval, fault_began: float, digits: int) -> dict[str, object]:
    """An interval, its time relative to the start of the fault."""
    return {
        "second": round(interval.begin - fault_began, digits),
        "outcomes": interval.outcomes,
        "p50_ms": round(interval.p50, 2),
        "p99_ms": round(interval.p99, 2),
        "max_ms": round(interval.max, 2),
    }
