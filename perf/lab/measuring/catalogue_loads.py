"""Measures loads of a whole catalogue, and holds those of several sides."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from lab.harness.procfs import MachineTime, ProcessTimes
from lab.harness.statistics import Spread
from lab.measuring.rounds import DISTURBED_CORES, rounded

T = TypeVar("T")


@dataclass(frozen=True)
class CpuUse:
    """The CPU time that servers and others used during a load."""

    servers: dict[str, float]
    """Seconds by the name of the server."""
    foreign: float
    """Cores that processes outside the measurement used."""
    stolen: float
    """Cores that other guests of the host used."""


@dataclass
class CatalogueLoad:
    """One load by one side. The names of the fields are the keys in the JSON file."""

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
        """Products per second."""
        return self.rows / self.seconds

    def is_disturbed(self) -> bool:
        """Whether other work on the machine may have changed the figures."""
        return max(self.foreign_cpu, self.stolen_cpu) > DISTURBED_CORES


@dataclass
class LoadComparison:
    """Loads by several sides in turn."""

    name: str
    title: str
    subject: str
    over: str | None = None
    """The side that the subject is compared with."""
    ratio: float | None = None
    """The wanted ratio of their rates."""
    notes: list[str] = field(default_factory=list)
    loads: list[CatalogueLoad] = field(default_factory=list)

    def loads_of(self, side: str) -> list[CatalogueLoad]:
        """The loads by a side in their order."""
        return [one for one in self.loads if one.side == side]

    def sides(self) -> list[str]:
        """The names of the sides in the order of their loads."""
        return list(dict.fromkeys(one.side for one in self.loads))

    def measured_ratio(self) -> Spread | None:
        """The subject's rate over the other's in the same round."""
        if self.over is None:
            return None
        pairs = zip(self.loads_of(self.subject), self.loads_of(self.over), strict=True)
        return Spread.of(ours.rate / theirs.rate for ours, theirs in pairs)

    def as_json(self) -> dict[str, object]:
        """All figures."""
        measured = self.measured_ratio()
        return {
            "scenario": self.name,
            "title": self.title,
            "notes": self.notes,
            "ratio": measured.as_json() if measured else None,
            "wanted": self.ratio,
            "loads": [{key: rounded(value) for key, value in asdict(one).items()} for one in self.loads],
        }


def with_cpu_use(servers: Mapping[str, int], work: Callable[[], T]) -> tuple[T, CpuUse]:
    """Does some work and measures what CPU time servers, given by name and PID, and others used meanwhile."""
    machine_before, times_before = MachineTime.read(), ProcessTimes()
    result = work()
    machine_after, times_after = MachineTime.read(), ProcessTimes()

    def used(pid: int) -> float:
        return times_after.of_tree(pid) - times_before.of_tree(pid)

    seconds = max(0.001, machine_after.at - machine_before.at)
    foreign = machine_after.processes - machine_before.processes - used(os.getpid())
    return result, CpuUse(
        servers={name: used(pid) for name, pid in servers.items()},
        foreign=max(0.0, foreign) / seconds,
        stolen=(machine_after.stolen - machine_before.stolen) / seconds,
    )
