"""The command line of perf/run: every measurement, and one report of all."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TextIO

from lab.commands.command_line import QUICK_HELP, REPEATABLE, run
from lab.harness.errors import LabError
from lab.harness.paths import PERF, ROOT
from lab.report import drawing, run_report
from lab.report.progress import Progress
from lab.report.result_file import RESULTS


@dataclass(frozen=True)
class Step:
    """One command of the lab."""

    command: str
    title: str
    minutes: float
    """What it takes on two quiet cores."""
    short_minutes: float
    """The same with the options of a short report."""
    short_options: tuple[str, ...]
    options: tuple[str, ...] = ()
    """Besides --output; not with --quick or --short."""


SHORT_RATES = (1_000, 10_000, 40_000)
# All but S11, which compares with a large table.
SHORT_READS = ("S1", "S2", "S3", "S10", "S13", "S14", "S9", "S16", "scale", "S18")

# Medians need five rounds, so those of a short report are as many, but short.
SHORT_ROUNDS = ("--rounds", "5", "--repeats", "1", "--rows", "200000")
STEPS = (
    Step("read", "Reads beside the peers", 50, 14,
         (*SHORT_ROUNDS, *(word for name in SHORT_READS for word in ("--scenario", name)), "--seconds", "2",
          "--warm-up", "6")),
    Step("write", "Durable writes beside Postgres alone, and a shop's traffic beside a JVM peer", 9, 4,
         (*SHORT_ROUNDS, "--seconds", "3", "--warm-up", "12")),
    Step("bulk", "Imports over HTTP", 5, 1.5, ("--rounds", "3", "--repeats", "1", "--rows", "100000")),
    Step("seed", "Loading a catalogue", 15, 1.5,
         ("--scenario", "S5", "--rounds", "2", "--rows", "1000000")),
    Step("index", "The index", 3, 1, ("--rows", "200000"), ("--rows", "1000000")),
    Step("rates", "The first service's table", 30, 6.5,
         (*(word for rate in SHORT_RATES for word in ("--rate", str(rate))), "--steps", "2", "--seconds", "2",
          "--warm-up", "3", "--rows", "200000")),
    Step("faults", "Faults", 8, 3,
         ("--scenario", "R1", "--scenario", "R3", "--scenario", "R20-near", "--seconds", "5", "--rows", "200000")),
    Step("pressure", "Under pressure", 20, 3,
         ("--scenario", "P1", "--scenario", "R7", "--scenario", "S7", "--connections", "64", "--connections", "1,000",
          "--connections", "4,000", "--rounds", "1", "--seconds", "3", "--rows", "200000")),
)  # fmt: skip

# A quick check runs so many commands at once: its figures mean nothing, and most of them wait most of the time.
QUICK_LANES = 3

QUICK_ORDER = ("faults", "pressure", "read", "rates", "bulk", "seed", "write", "index")

# Compiling for speed would take longer than a quick check lasts.
QUICK_JAVA_OPTIONS = "-XX:TieredStopAtLevel=1"


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
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--short", action="store_true",
        help="measure within some 35 minutes: short rounds, small tables, no S11, and the main scenarios of seed, "
        "rates, faults and pressure",
    )  # fmt: skip
    length.add_argument("--quick", action="store_true", help=QUICK_HELP)
    given = parser.parse_args()
    folder = given.folder or RESULTS / f"{datetime.now(timezone.utc):%Y-%m-%dT%H%M}"
    steps = [step for step in STEPS if step.command in (given.only or names)]
    if given.quick:
        return run("perf/run", Progress(), lambda: check(steps, folder))
    return run("perf/run", Progress(), lambda: measure(steps, folder, short=given.short, readme=given.readme))


def measure(steps: Sequence[Step], folder: Path, *, short: bool, readme: bool) -> int:
    """Runs the steps one after another and writes the report; the exit status."""
    drawing.check_installed()
    folder.mkdir(parents=True, exist_ok=True)
    parts: list[run_report.Part] = []
    minutes = [step.short_minutes if short else step.minutes for step in steps]
    began, left = time.monotonic(), sum(minutes)
    pace = 1.0
    for number, step in enumerate(steps, 1):
        end = datetime.now(timezone.utc).astimezone() + timedelta(minutes=pace * left)
        print(f"{heading(number, steps)}, done at about {end:%H:%M}", flush=True)
        parts.append(run_step(step, folder, step.short_options if short else step.options, sys.stdout))
        left -= minutes[number - 1]
        pace = (time.monotonic() - began) / 60 / max(0.1, sum(minutes) - left)
    code = report(folder, parts, quick=False)
    if readme:
        run_report.renew_readme(ROOT, parts)
    return code


def check(steps: Sequence[Step], folder: Path) -> int:
    """Runs the steps side by side, to check that they work, and writes the report; the exit status."""
    drawing.check_installed()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("CANVAS_JAVA_OPTS", QUICK_JAVA_OPTIONS)

    def run_quietly(step: Step) -> tuple[run_report.Part, str]:
        with tempfile.TemporaryFile("w+") as log:
            part = run_step(step, folder, ("--quick",), log)
            log.seek(0)
            return part, log.read()

    parts = []
    # The longest begin first.
    order = sorted(steps, key=lambda step: QUICK_ORDER.index(step.command))
    with ThreadPoolExecutor(QUICK_LANES) as lanes:
        done = {step.command: lanes.submit(run_quietly, step) for step in order}
        try:
            for number, step in enumerate(steps, 1):
                part, log = done[step.command].result()
                print(heading(number, steps), log, sep="\n", flush=True)
                parts.append(part)
        except BaseException:
            lanes.shutdown(cancel_futures=True)
            raise
    return report(folder, parts, quick=True)


def heading(number: int, steps: Sequence[Step]) -> str:
    """The line before the output of a step."""
    step = steps[number - 1]
    return f"== {number}/{len(steps)} {step.title} (perf/{step.command})"


def report(folder: Path, parts: Sequence[run_report.Part], *, quick: bool) -> int:
    """Writes the report; the exit status."""
    run_report.write(folder, parts, quick=quick)
    print(f"report: {folder / 'index.html'}")
    failed = [part.command for part in parts if part.failed]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def run_step(step: Step, folder: Path, options: Sequence[str], log: TextIO) -> run_report.Part:
    """Runs one command; its tables go to the log and into the report, its progress to the log or the terminal."""
    output = folder / f"{step.command}.json"
    command = [str(PERF / step.command), "--output", str(output), *options]
    tables: list[str] = []
    errors = None if log is sys.stdout else log
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", file=log, flush=True)
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
