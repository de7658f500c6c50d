"""Clients that put a service under pressure by how they use connections: storms, floods of batches, slow readers."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

READ_BYTES = 64 * 1024
STORM_SECONDS = 15.0

# As many requests as Canvas lets a client send ahead of their answers.
PIPELINED = 64

# A slow reader takes so many bytes at a time, and then waits.
SLOW_BYTES, SLOW_SECONDS = 512, 0.1


def get(path: str) -> bytes:
    """A GET."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


@dataclass(frozen=True)
class Storm:
    """What became of many connections that were opened at once, with one GET on each. Times are in seconds."""

    connections: int
    good: int
    """Answered with 200."""
    other: int
    """Answered with another status."""
    failed: int
    """Refused, cut, or not answered in time."""
    opened_s: float
    """Until all connections had been begun."""
    p50_s: float
    """From the beginning of a connection until its answer, as the next one."""
    last_s: float


class _Visitor:
    """One connection of a storm."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.began = time.monotonic()
        self.received = b""


def storm(port: int, connections: int, products: int) -> Storm:
    """Opens connections as fast as it can; each asks for one product, and stays open until all are answered."""
    selector = selectors.DefaultSelector()
    began = time.monotonic()
    waiting: dict[socket.socket, _Visitor] = {}
    statuses: list[bytes] = []
    seconds: list[float] = []
    opened: list[socket.socket] = []
    try:
        for _ in range(connections):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            opened.append(one)
            waiting[one] = _Visitor(one)
            selector.register(one, selectors.EVENT_WRITE)
            for key, _events in selector.select(0):
                _advance(selector, key.fileobj, waiting, statuses, seconds, products)
        opened_s = time.monotonic() - began
        while waiting and time.monotonic() - began < STORM_SECONDS:
            for key, _events in selector.select(0.1):
                _advance(selector, key.fileobj, waiting, statuses, seconds, products)
    finally:
        selector.close()
        for one in opened:
            one.close()
    good = sum(status == b"200" for status in statuses)
    ordered = sorted(seconds)
    return Storm(
        connections,
        good,
        len(statuses) - good,
        connections - len(statuses),
        opened_s,
        ordered[len(ordered) // 2] if ordered else 0.0,
        ordered[-1] if ordered else 0.0,
    )


def _advance(
    selector: selectors.BaseSelector,
    connection: object,
    waiting: dict[socket.socket, _Visitor],
    statuses: list[bytes],
    seconds: list[float],
    products: int,
) -> None:
    assert isinstance(connection, socket.socket)
    visitor = waiting[connection]
    try:
        if selector.get_key(connection).events == selectors.EVENT_WRITE:
            connection.send(get(f"/api/products/{1 + len(waiting) % products}/media"))
            selector.modify(connection, selectors.EVENT_READ)
            return
        received = connection.recv(READ_BYTES)
    except OSError:
        received = b""
    visitor.received += received
    if received and len(visitor.received) < len(b"HTTP/1.1 200"):
        return
    # What follows the status is not read: it fits into the buffer of the socket.
    if received:
        statuses.append(visitor.received[9:12])
        seconds.append(time.monotonic() - visitor.began)
    selector.unregister(connection)
    del waiting[connection]


@contextmanager
def flood(port: int, sockets: int, paths: Sequence[str], *, slow: bool) -> Iterator[list[int]]:
    """
    Sends requests ahead of their answers on each socket while the body runs, and reads the answers, slowly if so told.

    A socket that is cut is opened again. Yields how many bytes each socket has read so far.
    """
    ended = threading.Event()
    received = [0] * sockets

    def client(number: int) -> None:
        requests = b"".join(get(path) for path in paths)
        while not ended.is_set():
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                    while not ended.is_set():
                        connection.sendall(requests)
                        received[number] += _read_answers(connection, len(paths), ended, slow=slow)
            except OSError:
                ended.wait(SLOW_SECONDS)

    threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(sockets)]
    for thread in threads:
        thread.start()
    try:
        yield received
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _read_answers(connection: socket.socket, answers: int, ended: threading.Event, *, slow: bool) -> int:
    """Reads so many answers; the number of their bytes. Ends early if told."""
    count = 0
    seen = 0
    tail = b""
    mark = b"HTTP/1.1 "
    while not ended.is_set():
        try:
            received = connection.recv(SLOW_BYTES if slow else READ_BYTES)
        except TimeoutError:
            # The last answer may have been read: then nothing more arrives.
            if seen >= answers:
                return count
            continue
        if not received:
            raise ConnectionError("closed")
        count += len(received)
        # A mark may be split over two reads.
        seen += (tail + received).count(mark)
        tail = received[-(len(mark) - 1) :]
        if seen >= answers and received.endswith(b"}"):
            return count
        if slow:
            ended.wait(SLOW_SECONDS)
    return count


class SlowSenders:
    """Sockets that send the head of a request, or its body, byte by byte, until the context is left."""

    def __init__(self, port: int, count: int) -> None:
        """Opens them: every other one sends a head, the rest send bodies."""
        head = b"GET /api/products/1/media HTTP/1.1\r\nX: "
        body = (
            b"PUT /api/products/1/media HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\n\r\n"
        )
        self._began = time.monotonic()
        self._open: set[socket.socket] = set()
        for number in range(count):
            one = socket.create_connection(("127.0.0.1", port), timeout=5)
            one.sendall(body if number % 2 else head)
            one.setblocking(False)
            self._open.add(one)

    def __enter__(self) -> SlowSenders:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._open:
            one.close()

    def seconds_until_cut(self, limit: float) -> float | None:
        """Goes on sending until the service has ended all of the connections; None if that takes too long."""
        while self._open and time.monotonic() - self._began < limit:
            time.sleep(SLOW_SECONDS)
            for one in [each for each in self._open if not _goes_on(each)]:
                self._open.remove(one)
                one.close()
        return None if self._open else time.monotonic() - self._began


def _goes_on(connection: socket.socket) -> bool:
    """Sends a byte; whether the connection is still open."""
    try:
        connection.send(b"x")
        return bool(connection.recv(READ_BYTES))
    except BlockingIOError:
        return True
    except OSError:
        return False


def status_of(port: int, request: bytes) -> int:
    """Sends a request on a connection of its own; the status of the answer, 0 if there is none."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        try:
            connection.sendall(request)
        except ConnectionError:
            pass  # The answer may have come before the end of the request.
        try:
            answer = connection.recv(READ_BYTES)
        except OSError:
            return 0
    return int(answer[9:12]) if len(answer) >= len(b"HTTP/1.1 200") else 0


@contextmanager
def idle_sockets(port: int, count: int) -> Iterator[int]:
    """Opens connections and leaves them alone while the body runs. Yields how many could be established."""
    opened: list[socket.socket] = []
    try:
        for _ in range(count):
            try:
                opened.append(socket.create_connection(("127.0.0.1", port), timeout=1))
            except OSError:
                break
        yield len(opened)
    finally:
        for one in opened:
            one.close()
