"""The result of a fault as a table for the terminal and as JSON for a file."""

from __future__ import annotations

from dataclasses import asdict

from lab.faultscenarios import Result
from lab.timeline import Span

# Seconds that are shown: around a moment, and where something was out of the usual.
SHOWN_AROUND = 2
UNUSUAL_MS = 50.0


def shown(result: Result, *, judged: bool) -> str:
    """A scenario's seconds, verdicts and figures; judged: also whether targets were hit."""
    lines = [f"{result.name}  {result.title}", f"  {result.load}"]
    if result.seconds:
        lines.append(f"  {'second':>8}  {'reads':>7}  {'not 200':>7}  {'p50 ms':>7}  {'p99 ms':>7}  {'max ms':>7}")
        lines += [second(one, result.zero) for one in result.seconds if is_shown(one, result)]
    for verdict in result.verdicts:
        mark = ("hit   " if verdict.is_hit else "missed") if judged else "-     "
        lines.append(f"  {mark} {verdict.text}: {verdict.reached}")
    lines += [f"  {name}: {text(value)}" for name, value in result.figures.items()]
    lines += [f"  INVALID {problem}" for problem in result.errors]
    if judged and result.disturbed:
        lines.append(f"  DISTURBED other work took {result.disturbed:.2f} cores")
    return "\n".join(lines)


def is_shown(one: Span, result: Result) -> bool:
    """Whether a second is near the fault's begin or end, or out of the usual."""
    lasted = result.figures["fault_lasted_s"]
    assert isinstance(lasted, float)
    since = one.begin - result.zero
    near = any(-SHOWN_AROUND <= since - moment <= SHOWN_AROUND for moment in (0.0, lasted))
    return near or bool(one.not_200) or one.greatest > UNUSUAL_MS


def second(one: Span, zero: float) -> str:
    """One line, its time counted from the fault."""
    since = round(one.begin - zero)
    return f"  {since:>+8}  {one.count:>7,}  {one.not_200:>7,}  {one.p50:>7.1f}  {one.p99:>7.1f}  {one.greatest:>7.1f}"


def text(value: object) -> str:
    """A figure."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {one:,}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def as_json(result: Result) -> dict[str, object]:
    """Everything that was measured."""
    return {
        "scenario": result.name,
        "title": result.title,
        "load": result.load,
        "valid": not result.errors,
        "errors": result.errors,
        "disturbed_cores": round(result.disturbed, 2),
        "targets": [asdict(verdict) for verdict in result.verdicts],
        "figures": result.figures,
        "seconds": [as_figures(one, result.zero, 0) for one in result.seconds],
        "around_the_fault": [as_figures(one, result.zero, 1) for one in result.around],
    }


def as_figures(one: Span, zero: float, digits: int) -> dict[str, object]:
    """A span, its time counted from the fault."""
    return {
        "second": round(one.begin - zero, digits),
        "outcomes": one.outcomes,
        "p50_ms": round(one.p50, 2),
        "p99_ms": round(one.p99, 2),
        "max_ms": round(one.greatest, 2),
    }
