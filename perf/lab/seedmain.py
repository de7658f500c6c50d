"""The command line of perf/seed."""

from __future__ import annotations

import argparse
from pathlib import Path

from lab import machine
from lab.canvas import ROOT, check_built
from lab.chart import chart
from lab.command import positive, run, write
from lab.figures import Spread
from lab.loads import Loads
from lab.processes import Workshop
from lab.progress import Progress
from lab.seeding import BATCHES, COUCHDB_BATCHES, COUCHDB_ROWS, SEEDING, Seeding, Wish

PICTURE = ROOT / "docs" / "seed-batches.svg"


def wish_of() -> tuple[Wish, Path | None]:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        prog="perf/seed",
        description="Measures loading a whole catalogue: S5 beside psql, batches of several sizes, CouchDB.",
        epilog="Exit status: 0 all loads were complete; 1 some were not, or the laboratory does not work.",
    )
    parser.add_argument("--scenario", action="append", choices=SEEDING, help="only this one; may be repeated")
    parser.add_argument("--rounds", type=positive, default=5, help="loads of each side (5)")
    parser.add_argument("--rows", type=positive, default=1_000_000, help="products in Postgres (1000000)")
    parser.add_argument("--batch", type=positive, action="append", help="batches of this size only; may be repeated")
    parser.add_argument("--output", type=Path, help="the JSON file (perf/results/seed-<date>.json)")
    parser.add_argument("--quick", action="store_true", help="only check that the laboratory works")
    given = parser.parse_args()
    quick = given.quick
    batches = tuple(given.batch or ())
    return Wish(
        scenarios=tuple(given.scenario or SEEDING),
        rounds=1 if quick else given.rounds,
        rows=5_000 if quick else given.rows,
        batches=(1_000, 5_000) if quick else batches or BATCHES,
        couchdb_rows=1_000 if quick else COUCHDB_ROWS,
        couchdb_batches=(500,) if quick else batches or COUCHDB_BATCHES,
        quick=quick,
    ), given.output


def main() -> int:
    """Runs what was asked for; the exit status."""
    wish, output = wish_of()
    progress = Progress()
    return run("perf/seed", progress, lambda: measure(wish, output, progress))


def measure(wish: Wish, output: Path | None, progress: Progress) -> int:
    """Runs the scenarios; the exit status."""
    check_built()
    described = machine.description()
    results: list[Loads] = []
    with Workshop() as workshop:
        seeding = Seeding(workshop, wish, progress)
        for name in wish.scenarios:
            for result in SEEDING[name](seeding):
                results.append(result)
                progress.end()
                print(result.shown(judged=not wish.quick), end="\n\n", flush=True)
                if name == "batch" and not wish.quick:
                    print(f"drawn in {drawn(result)}")
    if wish.quick:
        print("Not a measurement: this was a check that the laboratory works.")
    if output or not wish.quick:
        document = {
            "measurement": not wish.quick,
            "machine": described,
            "rounds": wish.rounds,
            "rows": wish.rows,
            "results": [result.as_json() for result in results],
        }
        print(f"written to {write('seed', document, output)}")
    return 0


def drawn(result: Loads) -> Path:
    """Draws the rates over the sizes of the batches."""
    points = [
        (int(side.replace(",", "")), Spread.of(one.rate for one in result.of(side))) for side in result.sides()
    ]
    PICTURE.write_text(chart(result.title, "products a batch", "products a second", points))
    return PICTURE
