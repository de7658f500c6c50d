"""What a fault scenario observes, and its result: verdicts, and figures for each second around the fault."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab.generators.open_loop import OpenLoopResult, TimedResponse
from lab.measuring.timeline import Interval

RECOVERY_LIMIT_SECONDS = 2


@dataclass(frozen=True)
class OpenResources:
    """What Canvas holds while it serves no requests. The names of the fields are keys in the JSON file."""

    postgres_connections: int
    redis_connections: int
    descriptors: int


@dataclass(frozen=True)
class FaultObservation:
    """A run with a fault in it. Moments are in seconds since the first counted request."""

    responses: list[TimedResponse]
    run_started: float
    """When the first counted request was due, in seconds since 1970."""
    fault_began: float
    recovered: float
    """When the server answered again."""
    before: OpenResources
    after: OpenResources
    generator: OpenLoopResult
    foreign_cpu: float
    """Cores that other processes used."""


@dataclass(frozen=True)
class FaultVerdict:
    """A target, what was measured, and whether the target was met."""

    text: str
    reached: str
    is_hit: bool


@dataclass
class FaultResult:
    """What a fault scenario measured."""

    name: str
    title: str
    load: str
    verdicts: list[FaultVerdict] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    seconds: list[Interval] = field(default_factory=list)
    around_fault: list[Interval] = field(default_factory=list)
    """Tenths of a second around the fault and around the server's recovery."""
    fault_began: float = 0.0
    """In seconds since the first counted request was due, like all times of the intervals."""
    errors: list[str] = field(default_factory=list)
    disturbed_cores: float = 0.0
    """Cores that other work used, if it was enough to disturb the measurement."""

    def judge(self, text: str, reached: str, *, hit: bool) -> None:
        """Adds a verdict."""
        self.verdicts.append(FaultVerdict(text, reached, hit))

    def judge_recovery(self, event: str, seconds: float | None) -> None:
        """Adds a verdict on the time from an event until things are as before; None means never."""
        reached = "not within the run" if seconds is None else f"{seconds:.2f} s"
        is_hit = seconds is not None and seconds <= RECOVERY_LIMIT_SECONDS
        self.judge(f"within {RECOVERY_LIMIT_SECONDS} s of {event}", reached, hit=is_hit)
