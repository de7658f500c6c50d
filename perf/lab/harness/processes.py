"""Starts the servers of a run in a temporary directory, and stops every one of them by PID, whatever happens."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from lab.harness.errors import LabError
from lab.harness.procfs import process_tree
from lab.harness.programs import not_installed

STOP_SECONDS = 10
SHOWN_LOG_LINES = 15


class ServerProcess:
    """A server that this run has started."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path, stop_signal: int) -> None:
        self.name = name
        self.pid = process.pid
        self._process = process
        self._log = log
        self._stop_signal = stop_signal

    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def await_ready(self, is_ready: Callable[[], bool], seconds: float = 30) -> None:
        """Waits until the server is ready; fails with the end of its log if it exits or takes too long."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.is_running():
                raise LabError(f"{self.name} exited during its start:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise LabError(f"{self.name} is not ready after {seconds:.0f} s:\n{self.log_tail()}")
            time.sleep(0.005)

    def log_tail(self) -> str:
        """The last lines of its output."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-SHOWN_LOG_LINES:])

    def count_lines(self, pattern: str) -> int:
        """How many lines of its output contain a match."""
        return len(re.findall(pattern, self._log.read_text(errors="replace"), re.MULTILINE))

    def freeze(self) -> None:
        """Sends SIGSTOP to it and its descendants; their sockets stay open."""
        self._signal_tree(signal.SIGSTOP)

    def unfreeze(self) -> None:
        """Sends SIGCONT to it and its descendants."""
        self._signal_tree(signal.SIGCONT)

    def kill(self) -> None:
        """Sends SIGKILL to it and its descendants."""
        self._signal_tree(signal.SIGKILL)
        self._process.wait()

    def _signal_tree(self, number: int) -> None:
        for pid in process_tree(self.pid):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass  # It has ended meanwhile.

    def stop(self) -> None:
        """Asks it to stop, and kills it and its descendants if it does not."""
        if self.is_running():
            self.unfreeze()  # A fault may still be in place.
            self._process.send_signal(self._stop_signal)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                # It leads its own process group, so this ends its workers too.
                os.killpg(self.pid, signal.SIGKILL)
                self._process.wait()


class Sandbox:
    """The temporary directory of one run and the servers in it. Leaving the context stops and deletes everything."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="canvas-perf-"))
        # Servers that run as another user must be able to reach their own folders.
        self.directory.chmod(0o711)
        self._servers: list[ServerProcess] = []

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A second Ctrl-C must not leave servers running.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        while self._servers:
            self._servers.pop().stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def make_folder(self, name: str, owner: str | None = None) -> Path:
        """Makes a folder, for another user if given."""
        folder = self.directory / name
        folder.mkdir()
        if owner is not None:
            shutil.chown(folder, owner)
        return folder

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
        stop_signal: int = signal.SIGTERM,
    ) -> ServerProcess:
        """Starts a server and writes its output to a file."""
        log = self.directory / f"{name}.log"
        with log.open("wb") as out:
            try:
                # In its own session, so that Ctrl-C reaches only the lab, which then stops the servers in order.
                process = subprocess.Popen(
                    command,
                    env={**os.environ, **(env or {})},
                    cwd=cwd or self.directory,
                    user=user,
                    group=user,
                    extra_groups=None if user is None else [],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except FileNotFoundError as missing:
                raise not_installed(missing) from None
        server = ServerProcess(name, process, log, stop_signal)
        self._servers.append(server)
        return server

    def stop(self, server: ServerProcess) -> None:
        """Stops one server before the others."""
        self._servers.remove(server)
        server.stop()


# Sockets that keep other labs on this machine from the ports of this one, until its process ends.
_reserved: list[socket.socket] = []

LOWEST_PORT = 12_000


def free_port() -> int:
    """A TCP port of the loopback interface that is free now, and that no other run of the lab is given."""
    return free_port_row(1)


def free_port_row(count: int) -> int:
    """
    The first of some ports of the loopback interface that are free now and follow each other.

    They are below those that the system gives to connections, so that none takes them before a server does.
    """
    for _ in range(1_000):
        first = random.randrange(LOWEST_PORT, connection_ports() - count)
        row = [reserve(port) for port in range(first, first + count)]
        taken = [port for port in row if port is not None]
        if len(taken) == count:
            _reserved.extend(taken)
            return first
        for port in taken:
            port.close()
    raise LabError(f"There are no {count} free ports in a row: end other servers on this machine")


def reserve(port: int) -> socket.socket | None:
    """Keeps other labs from a port as long as the result is open; None if it is not free."""
    reservation = socket.socket(socket.AF_UNIX)
    try:
        # A name in the abstract namespace, without a file.
        reservation.bind(f"\0canvas-perf-port-{port}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
    except OSError:
        reservation.close()
        return None
    return reservation


def connection_ports() -> int:
    """The lowest port that the system gives to connections."""
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    # Where connections get nearly all ports, there is no better choice than the usual one.
    return lowest if lowest > 2 * LOWEST_PORT else 32_768


def unprivileged_user(*candidates: str) -> str | None:
    """The user for a server that refuses to run as root; None if the lab does not run as root."""
    if os.geteuid() != 0:
        return None
    known = {line.split(":", 1)[0] for line in Path("/etc/passwd").read_text().splitlines()}
    return next(name for name in (*candidates, "nobody") if name in known)


def answers_200(url: str) -> bool:
    """Whether a GET is answered with status 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
