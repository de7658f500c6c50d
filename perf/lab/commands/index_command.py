"""The command line of perf/index."""

from __future__ import annotations

import argparse
from pathlib import Path

from lab.commands.command_line import QUICK_HELP, finish, positive, run
from lab.harness.processes import Sandbox
from lab.report import environment, lookups_table
from lab.report.progress import Progress
from lab.scenarios.indexing import measure_index
from lab.servers.canvas import check_built


def main() -> int:
    """Runs the command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="perf/index",
        description="Measures one lookup among the first service's rows, without its index, with it, and in Canvas.",
    )
    parser.add_argument("--rows", type=positive, default=10_000_000, help="rows (10000000)")
    parser.add_argument("--output", type=Path, help="the JSON file (perf/results/index-<date>.json)")
    parser.add_argument("--quick", action="store_true", help=QUICK_HELP)
    given = parser.parse_args()
    progress = Progress()
    rows = 20_000 if given.quick else given.rows
    return run("perf/index", progress, lambda: measure(rows, given.output, progress, quick=given.quick))


def measure(rows: int, output: Path | None, progress: Progress, *, quick: bool) -> int:
    """Measures the lookups; the exit status."""
    check_built()
    machine = environment.description()
    with Sandbox() as sandbox:
        result = measure_index(sandbox, rows, progress, quick=quick)
    progress.clear()
    print(lookups_table.as_text(result), flush=True)
    document = {
        "machine": machine,
        "rows": rows,
        "table_mb": round(result.table_mb, 1),
        "index_s": round(result.index_s, 2),
        "lookups_ms": {one.name: [round(each, 4) for each in one.milliseconds] for one in result.lookups},
    }
    finish("index", document, output, quick=quick)
    return 0
