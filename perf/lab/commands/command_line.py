"""What the command lines have in common: signals, errors, option types, and the end of the output."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from lab.harness.errors import LabError
from lab.report import result_file
from lab.report.progress import Progress

QUICK_HELP = "only check that the lab works; the figures mean nothing"
REPEATABLE = "may be repeated"


def positive(text: str) -> int:
    """The option type of whole numbers from one."""
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def run(name: str, progress: Progress, measure: Callable[[], int]) -> int:
    """Runs a measurement; the exit status, also if the lab fails or is interrupted."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return measure()
    except LabError as error:
        progress.clear()
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        progress.clear()
        print(f"{name}: interrupted; all servers of this run have been stopped", file=sys.stderr)
        return 130


def finish(kind: str, document: Mapping[str, object], output: Path | None, *, quick: bool) -> None:
    """Writes the JSON file, which a quick check does only if an output is given, and says where it is."""
    if quick:
        print("Not a measurement: this was only a check that the lab works.")
    if output or not quick:
        path = result_file.write(kind, {"measurement": not quick, **document}, output)
        print(f"written to {path}")
