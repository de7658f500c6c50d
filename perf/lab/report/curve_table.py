"""Presents the curve over the number of connections: for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Callable

from lab.harness.statistics import Spread
from lab.measuring.pressure_points import Curve, Point, PointRound
from lab.report.columns import aligned, median_cell, range_cell

HEAD = ["connections", "side", "good/s", "min – max", "canvas ×", "p50 ms", "p99 ms", "RSS MB",
        "not 2xx", "socket errors", "lost"]  # fmt: skip
SUBJECT = "canvas"

Figure = Callable[[PointRound], float | None]


def as_text(curve: Curve) -> str:
    """The table, and the notes below it."""
    lines = [curve.title, *aligned([HEAD, *rows(curve)])]
    disturbed = [one.round for one in curve.rounds if one.round.is_disturbed()]
    if disturbed:
        worst = max(max(one.foreign_cpu, one.stolen_cpu) for one in disturbed)
        lines.append(
            f"  DISTURBED {len(disturbed)} of {len(curve.rounds)} rounds: other work used up to {worst:.2f} cores"
        )
    return "\n".join([*lines, *(f"  {note}" for note in curve.notes)])


def rows(curve: Curve) -> list[list[str]]:
    """One row for each side at each point."""
    return [row(curve, point, side) for point in curve.points() for side in curve.sides()]


def row(curve: Curve, point: Point, side: str) -> list[str]:
    """The figures of a side at a point: medians over the rounds, and sums of what must not happen."""
    rounds = curve.at(point, side)

    def of(figure: Figure) -> Spread | None:
        return Spread.of_known(map(figure, rounds))

    rate = of(lambda one: one.goodput)
    return [
        point.label,
        side,
        median_cell(rate, 0),
        range_cell(rate, 0),
        "" if side == SUBJECT else median_cell(ratio(curve, point, side), 2),
        median_cell(of(lambda one: one.round.p50_ms), 2),
        median_cell(of(lambda one: one.round.p99_ms), 1),
        median_cell(of(lambda one: one.round.service_rss_mb), 0),
        f"{sum(one.not_2xx for one in rounds):,}",
        f"{sum(one.socket_errors for one in rounds):,}",
        f"{sum(one.lost for one in rounds):,}" if side == SUBJECT else "",
    ]


def ratio(curve: Curve, point: Point, side: str) -> Spread | None:
    """Canvas's good answers per second over another side's, within each round."""
    pairs = zip(curve.at(point, SUBJECT), curve.at(point, side), strict=True)
    return Spread.of_known(ours.goodput / theirs.goodput for ours, theirs in pairs if theirs.goodput > 0)


def as_json(curve: Curve) -> dict[str, object]:
    """All rounds."""
    return {
        "name": "P1",
        "title": curve.title,
        "rounds": [
            {"connections": one.point.label, "goodput": round(one.goodput, 1), "lost": one.lost, **one.round.as_json()}
            for one in curve.rounds
        ],
        "notes": curve.notes,
    }
