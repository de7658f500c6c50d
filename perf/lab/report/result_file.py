"""Writes the figures of a run to a JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from lab.harness.paths import PERF

RESULTS = PERF / "results"


def write(kind: str, document: Mapping[str, object], output: Path | None) -> Path:
    """Writes the document, with the time, to the given file or to one named after the kind and the time."""
    now = datetime.now(timezone.utc)
    path = output or RESULTS / f"{kind}-{now:%Y-%m-%dT%H%M}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    dated = {"written": f"{now:%Y-%m-%dT%H:%M:%SZ}", **document}
    path.write_text(json.dumps(dated, indent=1, ensure_ascii=False) + "\n")
    return path
