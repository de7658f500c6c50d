"""What the kernel knows: CPU time of processes and of the machine, memory. Linux only."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class MachineTime:
    """Seconds of all cores together since boot."""

    processes: float
    interrupts: float
    stolen: float
    at: float = 0.0
    """When that was, in seconds on the clock of time.monotonic."""

    @staticmethod
    def read() -> MachineTime:
        """Reads the first line of /proc/stat."""
        fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
        user, nice, system, _idle, _iowait, irq, softirq, steal = fields[:8]
        return MachineTime(
            (user + nice + system) / TICKS_PER_SECOND,
            (irq + softirq) / TICKS_PER_SECOND,
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
            return  # It ended meanwhile.
        # The name, in parentheses, may hold anything; what follows it is numbered from the state on.
        fields = stat.rpartition(")")[2].split()
        parent, ticks = int(fields[1]), sum(int(field) for field in fields[11:15])
        self._seconds[pid] = ticks / TICKS_PER_SECOND
        self._children[parent].append(pid)

    def tree(self, pid: int) -> float:
        """Seconds that a process, its descendants, and those of them that have ended have used."""
        return self._seconds.get(pid, 0.0) + sum(self.tree(child) for child in self._children[pid])

    def pids(self, pid: int) -> list[int]:
        """A process and its descendants."""
        return [pid, *(one for child in self._children[pid] for one in self.pids(child))]

    def resident_mb(self, pid: int) -> float:
        """
        The memory in RAM of a process and its descendants, in MB (10^6 bytes).

        What they share counts once for each.
        """
        return own_resident_mb(pid) + sum(self.resident_mb(child) for child in self._children[pid])


def tree(pid: int) -> list[int]:
    """A process and its descendants, parents first."""
    return ProcessTimes().pids(pid)


def descriptors(pid: int) -> int:
    """How many files and sockets a process has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def own_resident_mb(pid: int) -> float:
    """The memory of one process that is in RAM, in MB (10^6 bytes)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # It ended meanwhile.
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0
