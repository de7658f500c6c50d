"""Runs ./canvas seed and reads the time that it reports."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lab.harness import programs
from lab.harness.errors import LabError
from lab.servers.canvas import LAUNCHER


def run_seed(env: Mapping[str, str], *options: str) -> programs.FinishedProgram:
    """Runs ./canvas seed to its end."""
    return programs.run([LAUNCHER, "seed", *options], env=env)


def reported_seconds(finished: programs.FinishedProgram) -> float:
    """The duration of a load as ./canvas seed reports it, without the start of its JVM."""
    found = re.search(r"^Done: .* in ([\d.]+) s", finished.output, re.MULTILINE)
    if found is None:
        raise LabError(f"./canvas seed reported no duration: {finished.output.strip()[-programs.SHOWN_OUTPUT :]}")
    return float(found[1])
