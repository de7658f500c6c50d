"""What the commands of the laboratory have in common."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path

from lab.canvas import ROOT
from lab.processes import LabError
from lab.progress import Progress

RESULTS = ROOT / "perf" / "results"


def positive(text: str) -> int:
    """A whole number of one or more."""
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def run(name: str, progress: Progress, measure: Callable[[], int]) -> int:
    """Measures; the exit status, also where the laboratory fails or is stopped."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return measure()
    except LabError as error:
        progress.end()
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        progress.end()
        print(f"{name}: stopped; every server of this run has ended", file=sys.stderr)
        return 130


def write(kind: str, document: Mapping[str, object], output: Path | None) -> Path:
    """Writes everything that was measured into a file, and the time."""
    now = datetime.now(timezone.utc)
    path = output or RESULTS / f"{kind}-{now:%Y-%m-%dT%H%M}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    dated = {"written": f"{now:%Y-%m-%dT%H:%M:%SZ}", **document}
    path.write_text(json.dumps(dated, indent=1, ensure_ascii=False) + "\n")
    return path
