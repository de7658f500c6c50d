"""
An open-loop generator of requests: they are due at a fixed rate, and latency counts from when one was due.

The generator itself is the Java program in java/, compiled for each run of the lab.
"""

from __future__ import annotations

import json
import struct
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from lab.generators.permutation import permutation_step
from lab.harness.errors import LabError
from lab.harness.paths import MEDIA_TEMPLATE
from lab.harness.processes import Sandbox
from lab.harness.programs import output_of
from lab.servers.canvas import java

SOURCES = Path(__file__).with_name("java")

# Codes that take the place of a status; see Responses.java.
NO_STATUS = {
    -1: "no connection",
    -2: "connection closed",
    -3: "no response within 10 s",
    -4: "invalid response",
}

# A small heap of short-lived strings. The second compiler would cost more than it saves within a minute.
JVM_OPTIONS = ("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
OVERTIME_SECONDS = 120

# A rate at which all requests are due at once.
ALL_AT_ONCE = 1e9


class TimedResponse(NamedTuple):
    """The outcome of one request."""

    due: float
    """When it was due, in seconds since the first counted request was."""
    ms: float
    """Milliseconds from then until the response."""
    status: int
    stream: int
    retry_after: bool
    """Whether the response had this header."""
    waited_ms: float
    """How much of the time passed before it was sent, for want of a free connection."""

    @property
    def answered(self) -> float:
        """When it was answered, or had failed."""
        return self.due + self.ms / 1e3


class Request(Enum):
    """What is asked for; see Requests.java."""

    GET = "get"
    PUT = "put"
    IMAGES = "images"
    """A GET of the first service's API, as the next one is a POST of it."""
    POST = "post"


@dataclass(frozen=True)
class RandomStream:
    """Random products of a range. The weight is this stream's share of the requests."""

    weight: int
    first: int
    count: int
    request: Request = Request.GET
    zipf: bool = False
    """Whether the n-th most frequent product is asked for in proportion to 1/n, instead of all alike."""
    seed: int | None = None
    """Streams of the same seed choose the same products; None for one that depends on the range only."""

    def specification(self) -> str:
        """As the generator takes it."""
        seed = self.count if self.seed is None else self.seed
        order = f"zipf:{self.first}:{self.count}:{seed}:{permutation_step(self.count)}"
        return f"{self.weight}:{self.request.value}:" + (
            order if self.zipf else f"random:{self.first}:{self.count}:{seed}"
        )


class OnceStream:
    """GETs of each product of a range once, in a scattered order; the next run continues."""

    def __init__(self, weight: int, first: int, count: int) -> None:
        self.weight, self.first, self.count = weight, first, count
        self.used = 0

    def specification(self) -> str:
        """As the generator takes it."""
        step = permutation_step(self.count)
        return f"{self.weight}:get:once:{self.first}:{self.count}:{self.used}:{step}"


Stream = RandomStream | OnceStream


@dataclass(frozen=True)
class Schedule:
    """When requests are due, and over how many connections."""

    rate: float
    """Requests per second."""
    lead_in: int
    """Requests before those that count."""
    requests: int
    connections: int
    """At the start."""
    max_connections: int
    patience: float = OVERTIME_SECONDS
    """Seconds after which a request is given up if there is no free connection for it."""

    @staticmethod
    def closed_loop(clients: int, lead_in: int, requests: int) -> Schedule:
        """Each client sends a request when the last one is answered."""
        return Schedule(ALL_AT_ONCE, lead_in, requests, clients, clients)


@dataclass(frozen=True)
class OpenLoopResult:
    """The outcomes of a run, and what the generator itself did."""

    responses: list[TimedResponse]
    connections_opened: int
    longest_pause_ms: float
    cpu_seconds: float


class OpenLoop:
    """The generator, compiled for this run of the lab."""

    def __init__(self, sandbox: Sandbox) -> None:
        # A run of the lab may have several of them.
        self._classes = Path(tempfile.mkdtemp(prefix="openloop-", dir=sandbox.directory))
        sources = sorted(str(source) for source in SOURCES.glob("*.java"))
        self._runs = 0
        output_of([java() + "c", "-d", str(self._classes), *sources])

    def start(self, port: int, schedule: Schedule, streams: Sequence[Stream]) -> OpenLoopRun:
        """Starts a run; returns when its first counted request is due."""
        self._runs += 1
        results = self._classes / f"responses-{self._runs}"
        command = [java(), *JVM_OPTIONS, "-cp", str(self._classes), "OpenLoop", str(port),
                   str(schedule.rate), str(schedule.lead_in), str(schedule.requests),
                   str(schedule.connections), str(schedule.max_connections),
                   str(schedule.patience), str(MEDIA_TEMPLATE), str(results),
                   *(stream.specification() for stream in streams)]  # fmt: skip
        return OpenLoopRun(command, schedule, streams, results)


class OpenLoopRun:
    """A generator that is running."""

    def __init__(self, command: Sequence[str], schedule: Schedule, streams: Sequence[Stream], results: Path) -> None:
        self._schedule, self._streams, self._results = schedule, streams, results
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self._process.stdout is not None
        self._lines = [self._process.stdout.readline().strip()]
        if not self._lines[0].startswith("STARTED "):
            self.kill()
            raise LabError(f"The load generator did not start: {self._lines[0]}")
        self.started = int(self._lines[0].split()[1]) / 1e3
        """When the first counted request was due, in seconds since 1970."""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.append(line.strip())

    def last_line(self) -> str:
        """The last line that it has printed."""
        return self._lines[-1]

    def result(self) -> OpenLoopResult:
        """Waits until every request is answered or has failed."""
        schedule = self._schedule
        try:
            code = self._process.wait(schedule.requests / schedule.rate + OVERTIME_SECONDS)
        except subprocess.TimeoutExpired:
            raise LabError(f"The load generator does not end: {self.last_line()}") from None
        finally:
            self.kill()
        self._reader.join()
        if code != 0:
            raise LabError("The load generator failed:\n" + "\n".join(self._lines[-15:]))
        summary = json.loads(self.last_line())
        responses = read_responses(self._results, schedule.rate)
        self._results.unlink()
        for number, stream in enumerate(self._streams):
            if isinstance(stream, OnceStream):
                stream.used += sum(one.stream == number for one in responses)
        return OpenLoopResult(responses, summary["opened"], summary["longest_pause_ms"], summary["cpu_seconds"])

    def kill(self) -> None:
        """Kills it if it is still running."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def read_responses(file: Path, rate: float) -> list[TimedResponse]:
    """The outcomes that the generator wrote, in the order in which the requests were due."""
    return [
        TimedResponse(number / rate, micros / 1e3, status, stream, retry_after, waits / 1e3)
        for number, (micros, waits, status, stream, retry_after) in enumerate(
            struct.iter_unpack(">iihb?", file.read_bytes())
        )
    ]
