"""Loads of a whole catalogue: what is measured of each, and the table of several."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from lab.figures import Spread
from lab.measure import FOREIGN_CPU, rounded
from lab.procfs import MachineTime, ProcessTimes

T = TypeVar("T")


@dataclass(frozen=True)
class Disturbance:
    """Cores that others took meanwhile."""

    foreign: float
    stolen: float


@dataclass
class Load:
    """One load of one side."""

    side: str
    number: int
    rows: int
    seconds: float
    parts: dict[str, float]
    """Seconds of its parts."""
    cpu_s: dict[str, float]
    peak_rss_mb: float | None
    foreign_cpu: float
    stolen_cpu: float

    @property
    def rate(self) -> float:
        """Products a second."""
        return self.rows / self.seconds


@dataclass
class Loads:
    """Loads of several sides in turn."""

    name: str
    title: str
    subject: str
    over: str | None = None
    """Whom the subject is compared with."""
    ratio: float | None = None
    """How much of its rate is wanted."""
    notes: list[str] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)

    def of(self, side: str) -> list[Load]:
        """The loads of a side in their order."""
        return [one for one in self.loads if one.side == side]

    def sides(self) -> list[str]:
        """The names of the sides in the order of their loads."""
        return list(dict.fromkeys(one.side for one in self.loads))

    def reached(self) -> Spread | None:
        """The subject's rate over the other's in the same round."""
        if self.over is None:
            return None
        pairs = zip(self.of(self.subject), self.of(self.over), strict=True)
        return Spread.of(ours.rate / theirs.rate for ours, theirs in pairs)

    def shown(self, *, judged: bool) -> str:
        """The table."""
        parts = list(dict.fromkeys(part for one in self.loads for part in one.parts))
        cpus = list(dict.fromkeys(part for one in self.loads for part in one.cpu_s))
        rows = [["", "products/s", "min – max", "seconds", "min – max", *(f"{part} s" for part in parts),
                 *(f"{part}'s CPU s" for part in cpus), "peak RSS MB"]]  # fmt: skip
        for side in self.sides():
            loads = self.of(side)
            rate, seconds = Spread.of(one.rate for one in loads), Spread.of(one.seconds for one in loads)
            rows.append([
                side, f"{rate.median:,.0f}", f"{rate.least:,.0f} – {rate.greatest:,.0f}",
                f"{seconds.median:.2f}", f"{seconds.least:.2f} – {seconds.greatest:.2f}",
                *(median_of(one.parts.get(part) for one in loads) for part in parts),
                *(median_of(one.cpu_s.get(part) for one in loads) for part in cpus),
                median_of((one.peak_rss_mb for one in loads), digits=0),
            ])  # fmt: skip
        lines = [f"{self.name}  {self.title}", *aligned(rows)]
        reached = self.reached()
        if judged and reached is not None and self.ratio is not None:
            verdict = "hit   " if reached.median >= self.ratio else "missed"
            lines.append(
                f"  {verdict} products a second ≥ {self.ratio:g} × {self.over}: "
                f"{reached.median:.2f} ({reached.least:.2f} – {reached.greatest:.2f})"
            )
        odd = [one for one in self.loads if max(one.foreign_cpu, one.stolen_cpu) > FOREIGN_CPU]
        if judged and odd:
            worst = max(max(one.foreign_cpu, one.stolen_cpu) for one in odd)
            lines.append(f"  DISTURBED {len(odd)} of {len(self.loads)} loads: other work took up to {worst:.2f} cores")
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    def as_json(self) -> dict[str, object]:
        """Everything that was measured."""
        reached = self.reached()
        return {
            "scenario": self.name,
            "title": self.title,
            "notes": self.notes,
            "ratio": reached.as_json() if reached else None,
            "wanted": self.ratio,
            "loads": [{key: rounded(value) for key, value in asdict(one).items()} for one in self.loads],
        }


def measured(servers: dict[str, int], work: Callable[[], T]) -> tuple[T, dict[str, float], Disturbance]:
    """Does something; the CPU time of servers meanwhile, by their names, and what disturbed it."""
    machine, times = MachineTime.read(), ProcessTimes()
    done = work()
    machine_after, times_after = MachineTime.read(), ProcessTimes()
    used = {name: times_after.tree(pid) - times.tree(pid) for name, pid in servers.items()}
    own = times_after.tree(os.getpid()) - times.tree(os.getpid())
    seconds = max(0.001, machine_after.at - machine.at)
    foreign = machine_after.processes - machine.processes - own
    return done, used, Disturbance(max(0.0, foreign) / seconds, (machine_after.stolen - machine.stolen) / seconds)


def median_of(values: object, *, digits: int = 1) -> str:
    """The median of those that are there."""
    known = [value for value in values if value is not None]  # type: ignore[attr-defined]
    return f"{Spread.of(known).median:,.{digits}f}" if known else ""


def aligned(rows: list[list[str]]) -> list[str]:
    """Columns as wide as their widest cell: names to the left, figures to the right."""
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(rows[0]))]
    return [
        (f"  {cells[0]:<{widths[0]}}" + "".join(f"  {cell:>{width}}" for cell, width in zip(cells[1:], widths[1:], strict=True))).rstrip()
        for cells in rows
    ]
