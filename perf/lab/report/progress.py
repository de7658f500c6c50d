"""Shows on the terminal what a run is doing."""

from __future__ import annotations

import sys
import time


class Progress:
    """One line of standard error that is overwritten; one line per step if it is not a terminal."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._is_terminal = sys.stderr.isatty()

    def show(self, step: str) -> None:
        """Shows a step and the time since the start. A step that ends in … is shown on terminals only."""
        minutes, seconds = divmod(int(time.monotonic() - self._started), 60)
        line = f"{minutes:3}:{seconds:02} {step}"
        if self._is_terminal:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        elif not step.endswith("…"):
            print(line, file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Clears the line, so that a table can follow."""
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
