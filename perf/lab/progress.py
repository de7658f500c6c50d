"""Says what happens while a run goes on."""

from __future__ import annotations

import sys
import time


class Progress:
    """One line on the terminal that changes; where there is no terminal, a line for each step."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def say(self, step: str) -> None:
        """Shows what is going on, and since when."""
        minutes, seconds = divmod(int(time.monotonic() - self._begun), 60)
        line = f"{minutes:3}:{seconds:02} {step}"
        if self._terminal:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        elif not step.endswith("…"):
            print(line, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leaves the line, so that a table can follow."""
        if self._terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
