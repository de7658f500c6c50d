"""An open loop of GETs: the rate is given, and latency counts from when a request was due."""

from __future__ import annotations

import json
import struct
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lab.canvas import java
from lab.load import coprime_near_golden
from lab.processes import LabError, Workshop, output_of

SOURCES = Path(__file__).with_name("openloop")

# What stands in the place of a status; see Answers.java.
NO_STATUS = {-1: "no connection", -2: "cut off", -3: "no answer in 10 s", -4: "not understood"}

# For a small heap of short-lived strings; what the second compiler costs is not earned back in a minute.
JVM = ("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
OVERTIME_SECONDS = 120

# A rate at which all requests are due at once.
AT_ONCE = 1e9


class Answer(NamedTuple):
    """What became of one request. The times are s since the first one that counts, and ms from when it was due."""

    due: float
    ms: float
    status: int
    stream: int
    retry_after: bool

    @property
    def answered(self) -> float:
        """When it had its answer, or none would come any more."""
        return self.due + self.ms / 1e3


@dataclass(frozen=True)
class Random:
    """A stream of random products out of so many, as great a share of the requests as its weight says."""

    weight: int
    first: int
    count: int

    def specification(self) -> str:
        """As the generator takes it."""
        return f"{self.weight}:random:{self.first}:{self.count}:{self.count}"


class Once:
    """A stream that meets every product once, neighbours in time far apart; the next run goes on."""

    def __init__(self, weight: int, first: int, count: int) -> None:
        self.weight, self.first, self.count = weight, first, count
        self.used = 0

    def specification(self) -> str:
        """As the generator takes it."""
        step = coprime_near_golden(self.count)
        return f"{self.weight}:once:{self.first}:{self.count}:{self.used}:{step}"


@dataclass(frozen=True)
class Arrivals:
    """How the requests come."""

    rate: float
    lead_in: int
    """Requests before those that count."""
    requests: int
    connections: int
    """At the start."""
    most_connections: int

    @staticmethod
    def closed_loop(clients: int, lead_in: int, requests: int) -> Arrivals:
        """Each client asks again as soon as it is answered."""
        return Arrivals(AT_ONCE, lead_in, requests, clients, clients)


@dataclass(frozen=True)
class Ended:
    """The answers, and what the generator itself did."""

    answers: list[Answer]
    connections_opened: int
    longest_pause_ms: float
    cpu_seconds: float


class OpenLoop:
    """The generator, compiled for this run."""

    def __init__(self, workshop: Workshop) -> None:
        self._classes = workshop.folder("openloop")
        sources = sorted(str(source) for source in SOURCES.glob("*.java"))
        output_of([java() + "c", "-d", str(self._classes), *sources])

    def start(self, port: int, arrivals: Arrivals, streams: Sequence[Random | Once]) -> Run:
        """Starts a run; returns when its first request that counts is due."""
        command = [java(), *JVM, "-cp", str(self._classes), "OpenLoop", str(port), str(arrivals.rate),
                   str(arrivals.lead_in), str(arrivals.requests), str(arrivals.connections), str(arrivals.most_connections),
                   str(self._classes / "answers"), *(stream.specification() for stream in streams)]  # fmt: skip
        return Run(command, arrivals, streams, self._classes / "answers")


class Run:
    """A generator that runs."""

    def __init__(
        self, command: Sequence[str], arrivals: Arrivals, streams: Sequence[Random | Once], answers: Path
    ) -> None:
        self._arrivals, self._streams, self._answers = arrivals, streams, answers
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self._process.stdout is not None
        self._lines = [self._process.stdout.readline().strip()]
        if not self._lines[0].startswith("BEGUN "):
            self.kill()
            raise LabError(f"The load generator did not begin: {self._lines[0]}")
        self.begun = int(self._lines[0].split()[1]) / 1e3
        """When the first request that counts was due, in s since 1970."""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line.strip())

    def now(self) -> str:
        """What it said last."""
        return self._lines[-1]

    def result(self) -> Ended:
        """Waits until every request has its answer."""
        arrivals = self._arrivals
        try:
            code = self._process.wait(arrivals.requests / arrivals.rate + OVERTIME_SECONDS)
        except subprocess.TimeoutExpired:
            raise LabError(f"The load generator does not end: {self.now()}") from None
        finally:
            self.kill()
        self._reader.join()
        if code != 0:
            raise LabError("The load generator failed:\n" + "\n".join(self._lines[-15:]))
        told = json.loads(self.now())
        answers = read_answers(self._answers, arrivals.rate)
        for number, stream in enumerate(self._streams):
            if isinstance(stream, Once):
                stream.used += sum(answer.stream == number for answer in answers)
        return Ended(answers, told["opened"], told["longest_pause_ms"], told["cpu_seconds"])

    def kill(self) -> None:
        """Ends it at once, where it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def read_answers(file: Path, rate: float) -> list[Answer]:
    """What the generator wrote, in the order in which the requests were due."""
    return [
        Answer(number / rate, micros / 1e3, status, stream, retry_after)
        for number, (micros, status, stream, retry_after) in enumerate(
            struct.iter_unpack(">ihb?", file.read_bytes())
        )
    ]
