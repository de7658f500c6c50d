"""What asks: wrk for HTTP, pgbench.py for Postgres. Both are closed loops: a client asks again when answered."""

from __future__ import annotations

import json
import math
import re
import resource
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lab.processes import LabError, output_of
from lab.stores import MEDIA_TEMPLATE

SCRIPTS = Path(__file__).resolve().parents[1] / "wrk"


@dataclass(frozen=True)
class Clients:
    """How many ask at once, and on how many threads of the load generator."""

    connections: int
    threads: int


@dataclass(frozen=True)
class Outcome:
    """What a load generator counted. Errors are failures by their kind, only those that happened."""

    requests: int
    seconds: float
    errors: dict[str, int] = field(default_factory=dict)
    p50_ms: float | None = None
    p99_ms: float | None = None
    cpu_seconds: float = 0.0


class Load(Protocol):
    """Something that asks as fast as it is answered."""

    def run(self, seconds: int) -> Outcome:
        """Asks for so many seconds."""


class RandomIds:
    """Random products among the first ones."""

    script = SCRIPTS / "random.lua"

    def __init__(self, ids: int) -> None:
        self._ids = ids
        self._runs = 0

    def arguments(self) -> list[str]:
        """Another seed for each run."""
        self._runs += 1
        return [str(self._ids), str(self._runs)]

    def asked(self, requests: int) -> list[str]:
        """What is wrong after so many requests: nothing."""
        return []


class RandomPuts(RandomIds):
    """Writes of random products among the first ones; no body is sent twice."""

    script = SCRIPTS / "put.lua"

    def arguments(self) -> list[str]:
        """Another seed for each run, and the items."""
        return [*super().arguments(), str(MEDIA_TEMPLATE)]


class EveryIdOnce:
    """
    All products in a scattered order, none twice until all have been asked for.

    With again they may come round within a run; else that is an error of the run.
    """

    script = SCRIPTS / "once.lua"

    def __init__(self, rows: int, clients: Clients, *, again: bool) -> None:
        self._rows, self._clients, self._again = rows, clients, again
        self._step = coprime_near_golden(rows)
        self._first = 0

    def arguments(self) -> list[str]:
        """Goes on where the run before ended."""
        return [str(self._rows), str(self._step), str(self._first), str(self._clients.threads)]

    def asked(self, requests: int) -> list[str]:
        """Moves on; says where a run was so long that it came round."""
        threads, share = self._clients.threads, self._rows // self._clients.threads
        # Unanswered requests at the end of a run took an id too.
        used = requests // threads + self._clients.connections
        self._first = (self._first + used) % self._rows
        if self._again or used <= share:
            return []
        return [f"{requests} requests for {self._rows} rows: ids were asked for twice"]


def coprime_near_golden(rows: int) -> int:
    """The number nearest above the golden section of rows that has no divisor in common with it."""
    step = max(1, int(rows * 0.6180339887))
    while math.gcd(step, rows) != 1:
        step += 1
    return step


class Wrk:
    """wrk, asking for products by HTTP."""

    def __init__(self, port: int, ids: RandomIds | EveryIdOnce, clients: Clients) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._ids, self._clients = ids, clients

    def run(self, seconds: int) -> Outcome:
        """Asks for so many seconds."""
        connections, threads = self._clients.connections, self._clients.threads
        command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s",
                   "-s", str(self._ids.script), self._url, "--", *self._ids.arguments()]  # fmt: skip
        text, cpu_seconds = run_timed(command)
        told = re.search(r"^SUMMARY (.*)$", text, re.MULTILINE)
        if told is None:
            raise LabError(f"wrk gave no summary:\n{text.strip()[-800:]}")
        summary = json.loads(told[1])
        kinds = ("non_2xx", "connect", "read", "write", "timeout")
        errors = {kind: summary[kind] for kind in kinds if summary[kind]}
        errors.update({problem: 1 for problem in self._ids.asked(summary["requests"])})
        if not summary["requests"]:
            errors["no answer at all"] = 1
        return Outcome(
            requests=summary["requests"],
            seconds=summary["duration_us"] / 1e6,
            errors=errors,
            p50_ms=summary["p50_us"] / 1e3,
            p99_ms=summary["p99_us"] / 1e3,
            cpu_seconds=cpu_seconds,
        )


def run_timed(command: list[str]) -> tuple[str, float]:
    """Runs a load generator; its output and its CPU time in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = output_of(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return text, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
