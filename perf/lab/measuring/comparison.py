"""The result of a scenario that runs rounds of several sides in turn, and the ratios that are wanted."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab.measuring.rounds import Round


@dataclass(frozen=True)
class Target:
    """A wanted ratio over another side: of requests per second, or of one part's CPU time per request."""

    over: str
    ratio: float
    cpu_of: str | None = None
    """A part of the machine, or "servers" for all of them without the load generator."""
    side: str | None = None
    """The side that is compared; None for the subject."""


@dataclass
class Comparison:
    """The rounds of all sides of a scenario."""

    name: str
    title: str
    subject: str
    """The side that the others are compared with."""
    notes: list[str] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    starts_s: list[float] = field(default_factory=list)
    """Seconds until the service was ready, in scenarios that measure starts."""

    def sides(self) -> list[str]:
        """The names of the sides in the order of their rounds."""
        return list(dict.fromkeys(one.side for one in self.rounds))

    def rounds_of(self, side: str) -> list[Round]:
        """The rounds of a side in their order."""
        return [one for one in self.rounds if one.side == side]
