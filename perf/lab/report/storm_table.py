"""Presents what became of storms of connections, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from lab.generators.hostile import Storm
from lab.measuring.rounds import rounded
from lab.report.columns import aligned

HEAD = ["storm", "connections", "opened in s", "200", "other", "failed", "p50 s", "last s", "lost"]


def as_text(title: str, found: Sequence[tuple[str, Storm, int]]) -> str:
    """The table."""
    rows = [
        [
            label,
            f"{one.connections:,}",
            f"{one.opened_s:.2f}",
            f"{one.good:,}",
            f"{one.other:,}",
            f"{one.failed:,}",
            f"{one.p50_s:.3f}",
            f"{one.last_s:.3f}",
            str(lost),
        ]
        for label, one, lost in found
    ]
    return "\n".join([title, *aligned([HEAD, *rows])])


def as_json(name: str, found: Sequence[tuple[str, Storm, int]]) -> dict[str, object]:
    """All storms."""
    storms = [
        {"storm": label, **{key: rounded(value) for key, value in asdict(one).items()}, "lost": lost}
        for label, one, lost in found
    ]
    return {"name": name, "storms": storms}
