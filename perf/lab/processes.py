"""Starts the servers of a run, and ends all of them, by pid, whatever happens."""

from __future__ import annotations

import os
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

from lab.procfs import tree

STOP_SECONDS = 10


class LabError(Exception):
    """The laboratory cannot go on; the message says why, and what to do."""


class Server:
    """One process that was started here."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path, stop_signal: int) -> None:
        self.name = name
        self.pid = process.pid
        self._process = process
        self._log = log
        self._stop_signal = stop_signal

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def await_ready(self, ready: Callable[[], bool], seconds: float = 30) -> None:
        """Waits until it answers; fails, with the end of its log, when it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.is_running():
                raise LabError(f"{self.name} ended at its start:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise LabError(f"{self.name} is not ready after {seconds:.0f} s:\n{self.log_tail()}")
            time.sleep(0.005)

    def log_tail(self) -> str:
        """The last lines that it wrote."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])

    def freeze(self) -> None:
        """SIGSTOP: it and all that it started stand still, and their sockets stay open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL, to it and all that it started."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: int) -> None:
        for pid in tree(self.pid):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass  # It ended meanwhile.

    def stop(self) -> None:
        """Asks it to end, and kills it and what it started if it does not."""
        if self.is_running():
            self.thaw()  # A fault may have been under way.
            self._process.send_signal(self._stop_signal)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                # It leads a process group of its own, so that none of its workers stays behind.
                os.killpg(self.pid, signal.SIGKILL)
                self._process.wait()


class Workshop:
    """A temporary directory and the servers that run in it, for one run of the laboratory."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="canvas-perf-"))
        # Servers that run as another user have to reach their own folders in it.
        self.directory.chmod(0o711)
        self._servers: list[Server] = []

    def __enter__(self) -> Workshop:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A second Ctrl-C is not to leave half of the servers running.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        while self._servers:
            self._servers.pop().stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def folder(self, name: str, user: str | None = None) -> Path:
        """Makes a folder for a server."""
        folder = self.directory / name
        folder.mkdir()
        if user is not None:
            shutil.chown(folder, user)
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
    ) -> Server:
        """Starts a server; its output goes to a file."""
        log = self.directory / f"{name}.log"
        with log.open("wb") as out:
            try:
                # A session of its own: Ctrl-C goes to the laboratory, which then ends all in order.
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
                raise LabError(f"{name}: {missing.filename} is not there: run perf/install") from None
        server = Server(name, process, log, stop_signal)
        self._servers.append(server)
        return server

    def stop(self, server: Server) -> None:
        """Ends one server before the others."""
        self._servers.remove(server)
        server.stop()


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unprivileged_user(*candidates: str) -> str | None:
    """Whom to run a server as that refuses root: nobody else, where we are not root."""
    if os.geteuid() != 0:
        return None
    known = {line.split(":", 1)[0] for line in Path("/etc/passwd").read_text().splitlines()}
    return next(name for name in (*candidates, "nobody") if name in known)


def answers_200(url: str) -> bool:
    """Whether a GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def output_of(command: Sequence[str], *, user: str | None = None, cwd: Path | None = None) -> str:
    """Runs a command to its end and returns what it wrote; fails with it where it failed."""
    try:
        ended = subprocess.run(
            command,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as missing:
        raise LabError(f"{missing.filename} is not there: run perf/install") from None
    if ended.returncode != 0:
        raise LabError(f"{' '.join(command[:3])} failed: {(ended.stderr or ended.stdout).strip()[-800:]}")
    return ended.stdout + ended.stderr
