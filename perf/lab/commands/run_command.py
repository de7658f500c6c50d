"""The command line of perf/run: every measurement, and one report of all."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from lab.commands.command_line import QUICK_HELP, REPEATABLE, run
from lab.harness.errors import LabError
from lab.harness.paths import PERF, ROOT
from lab.report import run_report
from lab.report.progress import Progress
from lab.report.result_file import RESULTS


@dataclass(frozen=True)
class Step:
    """One command of the lab."""

    command: str
    title: str
    minutes: float
    """What it takes on two quiet cores."""
    options: tuple[str, ...] = ()
    """Besides --output; not with --quick."""


STEPS = (
    Step("read", "Reads beside the peers", 30),
    Step("write", "Durable writes beside Postgres alone", 5),
    Step("bulk", "Imports over HTTP", 5),
    Step("seed", "Loading a catalogue", 15),
    Step("index", "The index", 3, ("--rows", "1000000")),
    Step("rates", "The first service's table", 30),
    Step("faults", "Faults", 6),
    Step("pressure", "Under pressure", 20),
)


def main() -> int:
    """Runs the command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="perf/run",
        description="Runs all measurements one after another and makes one report with charts of them.",
        epilog="Exit status: 0 if every part was measured, 1 if one has failed; the report then says which.",
    )
    names = [step.command for step in STEPS]
    parser.add_argument("--only", action="append", choices=names, help=f"only this part; {REPEATABLE}")
    parser.add_argument("--folder", type=Path, help="where the report goes (perf/results/<date>)")
    parser.add_argument("--readme", action="store_true", help="also renew the table and the chart in README.md")
    parser.add_argument("--quick", action="store_true", help=QUICK_HELP)
    given = parser.parse_args()
    folder = given.folder or RESULTS / f"{datetime.now(timezone.utc):%Y-%m-%dT%H%M}"
    steps = [step for step in STEPS if step.command in (given.only or names)]
    return run("perf/run", Progress(), lambda: measure(steps, folder, quick=given.quick, readme=given.readme))


def measure(steps: list[Step], folder: Path, *, quick: bool, readme: bool) -> int:
    """Runs the steps and writes the report; the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[run_report.Part] = []
    began, left = time.monotonic(), sum(step.minutes for step in steps)
    pace = 1.0
    for number, step in enumerate(steps, 1):
        end = datetime.now(timezone.utc).astimezone() + timedelta(minutes=pace * left)
        until = "" if quick else f", done at about {end:%H:%M}"
        print(f"== {number}/{len(steps)} {step.title} (perf/{step.command}){until}", flush=True)
        parts.append(run_step(step, folder, quick=quick))
        left -= step.minutes
        pace = (time.monotonic() - began) / 60 / max(0.1, sum(one.minutes for one in steps) - left)
    run_report.write(folder, parts, quick=quick)
    print(f"report: {folder / 'index.html'}")
    if readme and not quick:
        run_report.renew_readme(ROOT, parts)
    failed = [part.command for part in parts if part.failed]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def run_step(step: Step, folder: Path, *, quick: bool) -> run_report.Part:
    """Runs one command; its tables go to the terminal and into the report."""
    output = folder / f"{step.command}.json"
    command = [str(PERF / step.command), "--output", str(output), *(("--quick",) if quick else step.options)]
    tables: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            tables.append(line)
    if process.returncode == 130:
        raise KeyboardInterrupt
    document: dict[str, Any] = {}
    if output.exists():
        document = json.loads(output.read_text())
        output.unlink()
    elif not process.returncode:
        raise LabError(f"perf/{step.command} has written no {output}")
    return run_report.Part(step.command, step.title, "".join(tables).strip(), document, process.returncode != 0)
