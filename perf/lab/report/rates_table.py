"""Presents the curves of perf/rates in the form of the first service's record: as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from lab.measuring.rate_point import RateCurve, RatePoint
from lab.report.columns import aligned

HEAD = ["RPS", "latency ms", "p99 ms", "throughput", "errors", "note"]

# The first service's own record of 2019, of random products: database, route, RPS, latency in ms, good answers a minute,
# and errors in percent. Nearly all of its 74 ms is the network between the tester and the cloud.
RECORD: Sequence[tuple[str, str, int, float, int | None, float]] = (
    ("Postgres", "GET", 1_000, 74, 59_388, 0),
    ("Postgres", "GET", 2_000, 144, 119_863, 0),
    ("Postgres", "GET", 2_500, 577, 81_344, 45.7),
    ("Postgres", "GET", 10_000, 1_691, None, 53),
    ("Postgres", "POST", 1_000, 80, 59_358, 0),
    ("Postgres", "POST", 10_000, 941, None, 83),
    ("Postgres + Redis", "GET", 2_500, 74, 149_826, 0),
    ("Postgres + Redis", "GET", 3_500, 2_293, 106_541, 2),
)
RECORD_NOTE = "the first service in 2019"


def as_text(curve: RateCurve, machine_cores: int) -> str:
    """The table of a curve, with the lines of the first service's record that fit it at the end."""
    rows = [cells(curve, one, machine_cores) for one in curve.points]
    if curve.products.startswith("random"):
        rows += [record_cells(one) for one in RECORD if one[:2] == (curve.database, curve.route)]
    return "\n".join([f"{curve.database}, {curve.route}, products: {curve.products}", *aligned([HEAD, *rows])])


def cells(curve: RateCurve, point: RatePoint, machine_cores: int) -> list[str]:
    """A line of the table. The throughput is in good answers a minute, as in the record."""
    return [
        f"{point.offered:,.0f}",
        f"{point.mean_ms:,.1f}",
        f"{point.p99_ms:,.1f}",
        f"{60 * point.good:,.0f} a minute",
        f"{100 * point.failed_share:.1f}%",
        note(curve, point, machine_cores),
    ]


def note(curve: RateCurve, point: RatePoint, machine_cores: int) -> str:
    """What is remarkable about a point."""
    words = []
    if point is curve.knee:
        words.append("the highest rate that holds")
    if not point.held:
        words.append("collapsed" if point.collapsed else "not held")
    if point is curve.knee or not point.held:
        words.append(point.saturated(machine_cores))
    return "; ".join(words)


def record_cells(line: tuple[str, str, int, float, int | None, float]) -> list[str]:
    """A line of the first service's record."""
    _, _, rate, latency, throughput, errors = line
    minute = "" if throughput is None else f"{throughput:,} a minute"
    return [f"{rate:,}", f"{latency:,.0f}", "", minute, f"{errors:g}%", RECORD_NOTE]


def as_json(curve: RateCurve) -> dict[str, object]:
    """All points."""
    return {
        "database": curve.database,
        "route": curve.route,
        "products": curve.products,
        "knee": None if curve.knee is None else round(curve.knee.offered),
        "points": [one.as_json() for one in curve.points],
    }
