"""
Reads and writes at a steady rate through the proxy until SIGINT, and prints what clients noticed in each phase.

Arguments: the address, a file whose last line names the phase, and --strict if no request may fail. A write puts a
product that nobody else writes, and reads it back at once, and once more at the end: it must find what it has written,
or something newer. The exit status is 1 if it did not.
"""

import http.client
import json
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urlsplit

READERS, WRITERS = 8, 2
READ_PAUSE, WRITE_PAUSE = 0.02, 0.05
PRODUCTS = 200
STALE, LOST = "read stale", "write lost"

address = urlsplit(sys.argv[1])
phases = Path(sys.argv[2])
strict = "--strict" in sys.argv
ended = threading.Event()
lock = threading.Lock()
counts: dict[str, Counter] = defaultdict(Counter)
slowest: dict[str, float] = defaultdict(float)


def phase() -> str:
    """The current phase."""
    return phases.read_text().splitlines()[-1] if phases.exists() else "start"


def call(connection: http.client.HTTPConnection, method: str, product: int, body: str | None = None) -> tuple[str, dict]:
    """One request: its status, or what went wrong instead, and the document of a success."""
    headers = {"Content-Type": "application/json"} if body else {}
    try:
        connection.request(method, f"/api/products/{product}/media", body, headers)
        response = connection.getresponse()
        text = response.read()
        return str(response.status), json.loads(text) if response.status < 300 else {}
    except (OSError, http.client.HTTPException) as failure:
        connection.close()
        return type(failure).__name__, {}


def note(kind: str, outcome: str, seconds: float) -> None:
    """Counts an outcome under the current phase."""
    with lock:
        now = phase()
        counts[now][f"{kind} {outcome}"] += 1
        slowest[now] = max(slowest[now], seconds)


def read(number: int) -> None:
    """A client that reads."""
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    product = number
    while not ended.wait(READ_PAUSE):
        product = (product + 7) % PRODUCTS
        began = time.monotonic()
        outcome, _ = call(connection, "GET", product)
        note("read", outcome, time.monotonic() - began)


def read_version(connection: http.client.HTTPConnection, product: int) -> float:
    """The version that a read finds; none is 0, and infinite if the read fails, which is counted."""
    began = time.monotonic()
    outcome, document = call(connection, "GET", product)
    note("read", outcome, time.monotonic() - began)
    return document["version"] if document else 0 if outcome == "404" else float("inf")


def write(number: int) -> None:
    """A client that writes a product of its own and reads it back."""
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    product, serial, confirmed = 10_000 + number, 0, 0
    while not ended.wait(WRITE_PAUSE):
        serial += 1
        body = json.dumps({"media": [{"type": "image", "url": f"/{serial}.jpg"}]})
        began = time.monotonic()
        outcome, written = call(connection, "PUT", product, body)
        note("write", outcome, time.monotonic() - began)
        if written:
            confirmed = written["version"]
            if read_version(connection, product) < confirmed:
                note("read", "stale", 0)
    if read_version(connection, product) < confirmed:
        note("write", "lost", 0)


def is_fault(outcome: str) -> bool:
    """Whether an outcome must not be."""
    return outcome in (STALE, LOST) or strict and outcome.split()[-1] not in ("200", "201")


def main() -> None:
    """Fills the products, runs the clients, and prints the table."""
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    filler = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    body = json.dumps({"media": [{"type": "image", "url": "/first.jpg"}]})
    for product in range(PRODUCTS):
        call(filler, "PUT", product, body)
    clients = [threading.Thread(target=read, args=(each,)) for each in range(READERS)]
    clients += [threading.Thread(target=write, args=(each,)) for each in range(WRITERS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    for name, found in counts.items():
        outcomes = ", ".join(f"{outcome}: {count:,}" for outcome, count in sorted(found.items()))
        print(f"{name:<40} slowest {slowest[name]:5.2f} s   {outcomes}")
    sys.exit(any(is_fault(outcome) for found in counts.values() for outcome in found))


main()
