"""Programs that run to their end, and what that cost."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.processes import LabError


@dataclass(frozen=True)
class Ended:
    """A program that has run."""

    output: str
    begun: float
    """On the clock of time.monotonic, as is the next."""
    ended: float
    cpu_seconds: float
    peak_rss_mb: float

    @property
    def seconds(self) -> float:
        """How long it took, its start with it."""
        return self.ended - self.begun


def run_all(
    commands: Sequence[Sequence[str]], *, env: Mapping[str, str] | None = None, kill_after: float | None = None
) -> list[Ended]:
    """
    Runs programs beside each other, to the end of the last; fails where one does.

    kill_after: seconds after which they get SIGKILL, which then is no failure.
    """
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
            raise LabError(f"{missing.filename} is not there: run perf/install") from None
        running.append((command, process, output, time.monotonic()))
    try:
        if kill_after is not None:
            time.sleep(kill_after)
            for _, process, _, _ in running:
                process.kill()
        return [waited(*each, is_killed=kill_after is not None) for each in running]
    except BaseException:
        for _, process, _, _ in running:
            if process.returncode is None:
                process.kill()
                process.wait()
        raise


def waited(
    command: Sequence[str], process: subprocess.Popen[bytes], output: object, begun: float, *, is_killed: bool
) -> Ended:
    """Waits for the end of a program, which tells the kernel's account of it."""
    _, status, usage = os.wait4(process.pid, 0)
    ended = time.monotonic()
    process.returncode = os.waitstatus_to_exitcode(status)
    output.seek(0)  # type: ignore[attr-defined]
    text: str = output.read().decode(errors="replace")  # type: ignore[attr-defined]
    output.close()  # type: ignore[attr-defined]
    if process.returncode != 0 and not is_killed:
        raise LabError(f"{' '.join(command[:3])} failed with {process.returncode}: {text.strip()[-800:]}")
    return Ended(text, begun, ended, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6)
