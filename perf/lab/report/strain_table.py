"""Presents what clients noticed of each load, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from lab.measuring.strain import Strain
from lab.report.columns import aligned

HEAD = ["load", "× peak", "offered/s", "good/s", "shed", "shed p99 ms", "failed", "unsent", "p50 ms", "p99 ms",
        "normal after s", "RSS MB", "lost"]  # fmt: skip


def as_text(title: str, found: Sequence[Strain], notes: Sequence[str] = ()) -> str:
    """The table, and the notes below it."""
    return "\n".join([title, *aligned([HEAD, *(row(one) for one in found)]), *(f"  {note}" for note in notes)])


def row(one: Strain) -> list[str]:
    """The figures of a load."""
    return [
        one.load,
        "" if one.peak_share is None else f"{one.peak_share:g}",
        f"{one.offered:,.0f}",
        f"{one.good:,.0f}",
        f"{one.shed:,}",
        f"{one.shed_p99_ms:,.1f}" if one.shed else "",
        f"{one.failed:,}",
        f"{one.unsent:,}",
        f"{one.p50_ms:,.1f}",
        f"{one.p99_ms:,.1f}",
        "" if one.normal_after_s is None else f"{one.normal_after_s:.1f}",
        f"{one.rss_mb:,.0f}",
        f"{one.lost:,}",
    ]


def as_json(name: str, found: Sequence[Strain], notes: Sequence[str] = ()) -> dict[str, object]:
    """All loads."""
    return {"name": name, "loads": [one.as_json() for one in found], "notes": list(notes)}
