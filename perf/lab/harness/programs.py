"""Runs programs to their end and reports their output, CPU time and peak memory."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lab.harness.errors import LabError

# How much of a failed program's output is shown, in characters.
SHOWN_OUTPUT = 800


@dataclass(frozen=True)
class FinishedProgram:
    """A program that has ended successfully. Output is standard output and standard error together."""

    output: str
    started: float
    """On the clock of time.monotonic, like the next."""
    ended: float
    cpu_seconds: float
    peak_rss_mb: float
    """In MB of 10^6 bytes."""

    @property
    def seconds(self) -> float:
        """How long it ran, including its start."""
        return self.ended - self.started


def run(command: Sequence[str], *, env: Mapping[str, str] | None = None) -> FinishedProgram:
    """Runs one program and measures it; fails if the program fails."""
    return run_in_parallel([command], env=env)[0]


def run_in_parallel(
    commands: Sequence[Sequence[str]], *, env: Mapping[str, str] | None = None
) -> list[FinishedProgram]:
    """Runs programs at the same time until the last has ended; fails if one of them fails."""
    running = []
    for command in commands:
        output = tempfile.TemporaryFile()
        try:
            process = subprocess.Popen(
                command,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except FileNotFoundError as missing:
            raise not_installed(missing) from None
        running.append((command, process, output, time.monotonic()))
    try:
        return [await_end(*each) for each in running]
    except BaseException:
        for _, process, _, _ in running:
            if process.returncode is None:
                process.kill()
                process.wait()
        raise


def await_end(
    command: Sequence[str], process: subprocess.Popen[bytes], output: IO[bytes], started: float
) -> FinishedProgram:
    """Waits for a program; CPU time and memory are the kernel's account of it and its children."""
    _, status, usage = os.wait4(process.pid, 0)
    ended = time.monotonic()
    process.returncode = os.waitstatus_to_exitcode(status)
    with output:
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode != 0:
        raise failed(command, text)
    return FinishedProgram(text, started, ended, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6)


def elapsed(programs: Sequence[FinishedProgram]) -> float:
    """Seconds from the first start to the last end."""
    return max(one.ended for one in programs) - min(one.started for one in programs)


def output_of(command: Sequence[str], *, user: str | None = None, cwd: Path | None = None) -> str:
    """Runs a program, as another user if given, and returns its output; fails if the program fails."""
    try:
        ended = subprocess.run(
            command,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as missing:
        raise not_installed(missing) from None
    if ended.returncode != 0:
        raise failed(command, ended.stderr or ended.stdout)
    return ended.stdout + ended.stderr


def failed(command: Sequence[str], output: str) -> LabError:
    """The error for a program that failed, with the end of its output."""
    return LabError(f"{' '.join(command[:3])} failed: {output.strip()[-SHOWN_OUTPUT:]}")


def not_installed(missing: FileNotFoundError) -> LabError:
    """The error for a program that is not there."""
    return LabError(f"{missing.filename} is not installed: run perf/install")
