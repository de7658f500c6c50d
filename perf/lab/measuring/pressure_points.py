"""The curve over the number of connections: one round of one side at one number of connections."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab.measuring.rounds import Round

# Kinds of errors of wrk that are answers; the others are connections.
ANSWERED = "non_2xx"


@dataclass(frozen=True)
class Point:
    """A number of connections on the curve."""

    label: str
    connections: int


@dataclass(frozen=True)
class PointRound:
    """A round at one point."""

    point: Point
    round: Round
    lost: int
    """Lines of the service's log that say that a store is away."""

    @property
    def side(self) -> str:
        """The side's name."""
        return self.round.side

    @property
    def not_2xx(self) -> int:
        """Answers with another status than 2xx and 3xx."""
        return self.round.errors.get(ANSWERED, 0)

    @property
    def socket_errors(self) -> int:
        """Connections that failed, and answers that took longer than the load generator waits."""
        return sum(count for kind, count in self.round.errors.items() if kind != ANSWERED)

    @property
    def goodput(self) -> float:
        """Answers per second with a status of 2xx or 3xx."""
        return max(0, self.round.requests - self.not_2xx) / self.round.seconds


@dataclass
class Curve:
    """All rounds of all sides at all points."""

    title: str
    rounds: list[PointRound] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def points(self) -> list[Point]:
        """The points in the order of their rounds."""
        return list(dict.fromkeys(one.point for one in self.rounds))

    def sides(self) -> list[str]:
        """The names of the sides in the order of their rounds."""
        return list(dict.fromkeys(one.side for one in self.rounds))

    def at(self, point: Point, side: str) -> list[PointRound]:
        """The rounds of a side at a point, in their order."""
        return [one for one in self.rounds if one.point == point and one.side == side]
