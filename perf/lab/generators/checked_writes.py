"""Writes products at a fixed rate and reads each back at once, to find writes that are lost and reads that are stale."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass
from typing import NamedTuple

TIMEOUT_SECONDS = 10
READS = 2


class CheckedWrite(NamedTuple):
    """One PUT and its outcome."""

    began: float
    ended: float
    """In seconds since 1970, like when it began."""
    confirmed: bool


@dataclass
class Findings:
    """What the reads have shown."""

    reads: int = 0
    failed: int = 0
    stale: int = 0


class CheckedWrites(threading.Thread):
    """Writes the products of a range in turn until it is stopped. One write at a time; a late one delays the next."""

    def __init__(self, port: int, first: int, count: int, per_second: float) -> None:
        super().__init__(daemon=True)
        self._port, self._first, self._count, self._pause = port, first, count, 1 / per_second
        self._connection = self._connect()
        self._confirmed: dict[int, int] = {}
        self._stopping = threading.Event()
        self.writes: list[CheckedWrite] = []
        self.findings = Findings()

    def run(self) -> None:
        """Writes and reads."""
        number, due = 0, time.time()
        while not self._stopping.wait(max(0.0, due - time.time())):
            product = self._first + number % self._count
            self._write(product, number)
            for _ in range(READS):
                self._read(product)
            number += 1
            due = max(due + self._pause, time.time() - self._pause)

    def stop(self) -> None:
        """Stops after the current write, and reads every product that was written."""
        self._stopping.set()
        self.join()

    def lost(self) -> int:
        """The number of products of which the last confirmed write is gone."""
        return sum(self._version(product) < version for product, version in self._confirmed.items())

    def back_after(self, moment: float) -> float | None:
        """Seconds from a moment until writes are confirmed and go on being so; None means never."""
        later = [write for write in self.writes if write.ended > moment]
        failed = [write.ended for write in later if not write.confirmed]
        since = max(failed, default=moment)
        ends = [write.ended for write in later if write.confirmed and write.ended >= since]
        return ends[0] - moment if ends else None

    def _write(self, product: int, number: int) -> None:
        body = json.dumps({"media": [{"type": "image", "url": f"/{number}.webp"}]})
        began = time.time()
        status, answer = self._send("PUT", product, body)
        confirmed = status in (200, 201)
        self.writes.append(CheckedWrite(began, time.time(), confirmed))
        if confirmed:
            self._confirmed[product] = json.loads(answer)["version"]

    def _read(self, product: int) -> None:
        version = self._version(product)
        self.findings.reads += 1
        self.findings.failed += version < 0
        self.findings.stale += 0 <= version < self._confirmed.get(product, 0)

    def _version(self, product: int) -> int:
        """The version of a product now; 0 for none, -1 if the read failed."""
        status, answer = self._send("GET", product, None)
        return json.loads(answer)["version"] if status == 200 else 0 if status == 404 else -1

    def _send(self, method: str, product: int, body: str | None) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"} if body else {}
        try:
            self._connection.request(method, f"/api/products/{product}/media", body, headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._connection = self._connect()
            return 0, b""

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_SECONDS)
