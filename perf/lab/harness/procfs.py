"""Reads CPU time and memory of processes and of the machine from /proc. Linux only."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class MachineTime:
    """CPU seconds of all cores together since boot."""

    processes: float
    stolen: float
    """Taken by other guests of the host."""
    at: float = 0.0
    """When this was read, on the clock of time.monotonic."""

    @staticmethod
    def read() -> MachineTime:
        """Reads the first line of /proc/stat."""
        fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
        user, nice, system, _idle, _iowait, _irq, _softirq, steal = fields[:8]
        return MachineTime(
            (user + nice + system) / TICKS_PER_SECOND,
            steal / TICKS_PER_SECOND,
            time.monotonic(),
        )


class ProcessTimes:
    """The CPU time of every process at one moment."""

    def __init__(self) -> None:
        self._seconds: dict[int, float] = {}
        self._children: dict[int, list[int]] = defaultdict(list)
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                self._read(int(entry.name))

    def _read(self, pid: int) -> None:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return  # It has ended meanwhile.
        # The name, in parentheses, may contain anything; the fields after it are numbered from the state on.
        fields = stat.rpartition(")")[2].split()
        parent, ticks = int(fields[1]), sum(int(field) for field in fields[11:15])
        self._seconds[pid] = ticks / TICKS_PER_SECOND
        self._children[parent].append(pid)

    def of_tree(self, pid: int) -> float:
        """CPU seconds of a process and its descendants, including those descendants that have ended."""
        return self._seconds.get(pid, 0.0) + sum(self.of_tree(child) for child in self._children[pid])

    def pids_of_tree(self, pid: int) -> list[int]:
        """A process and its descendants, parents first."""
        return [pid, *(one for child in self._children[pid] for one in self.pids_of_tree(child))]

    def resident_mb(self, pid: int) -> float:
        """Resident memory of a process and its descendants, in MB of 10^6 bytes; shared pages count for each."""
        return own_resident_mb(pid) + sum(self.resident_mb(child) for child in self._children[pid])


def process_tree(pid: int) -> list[int]:
    """A process and its descendants, parents first."""
    return ProcessTimes().pids_of_tree(pid)


def open_descriptors(pid: int) -> int:
    """How many files and sockets a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def own_resident_mb(pid: int) -> float:
    """Resident memory of one process, in MB of 10^6 bytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # It has ended meanwhile.
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0
