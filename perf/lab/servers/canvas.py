"""Starts Canvas as its users do: ./canvas serve."""

from __future__ import annotations

import os
import re
import shlex
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from lab.harness.errors import LabError
from lab.harness.paths import ROOT
from lab.harness.processes import Sandbox, ServerProcess, answers_200, free_port
from lab.servers.canvas_metrics import CanvasMetrics

LAUNCHER = str(ROOT / "canvas")
JAR = ROOT / "target" / "canvas.jar"
LIBRARIES = ROOT / "target" / "lib"

# Of a document; a media item has no such member.
VERSION = re.compile(r'"version":(\d+)')

# Products per request when products are read to fill the cache.
BATCH = 100


def check_built() -> None:
    """Fails if there is no jar, or if it is older than its sources."""
    if not JAR.exists():
        raise LabError("target/canvas.jar does not exist: run mvn -DskipTests package")
    built = JAR.stat().st_mtime
    sources = [ROOT / "pom.xml", *(path for path in (ROOT / "src" / "main").rglob("*") if path.is_file())]
    newer = [path for path in sources if path.stat().st_mtime > built]
    if newer:
        raise LabError(f"target/canvas.jar is older than {newer[0].relative_to(ROOT)}: run mvn -DskipTests package")


def java() -> str:
    """The Java that runs Canvas, the Vert.x peer and the open-loop generator."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home, "bin", "java")) if home else "java"


def java_options() -> list[str]:
    """The JVM options that ./canvas reads from the environment."""
    return shlex.split(os.environ.get("CANVAS_JAVA_OPTS", ""))


def read_products(port: int, count: int) -> list[str]:
    """Reads products 1 … count once each, so that the service at this port caches them; their versions in order."""
    versions: list[str] = []
    for first in range(1, count + 1, BATCH):
        ids = ",".join(map(str, range(first, min(first + BATCH, count + 1))))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/products/media?ids={ids}", timeout=30) as response:
            versions += VERSION.findall(response.read().decode())
    return versions


class Canvas:
    """One process of Canvas, over one Postgres database and one Redis database."""

    def __init__(
        self,
        sandbox: Sandbox,
        name: str,
        postgres_uri: str,
        redis_uri: str,
        *,
        near_cache: bool,
        long_timeouts: bool,
        settings: Mapping[str, str] | None = None,
        descriptors: int | None = None,
    ) -> None:
        """
        Starts it.

        long_timeouts: tolerate slow stores, for checks on a busy machine; never for measurements. settings: variables
        of its environment, besides those of every run. descriptors: how many it may have open; None for no own limit.
        """
        self.port, self.management_port = free_port(), free_port()
        env = {
            "CANVAS_HTTP_HOST": "127.0.0.1",
            "CANVAS_HTTP_PORT": str(self.port),
            "CANVAS_MANAGEMENT_PORT": str(self.management_port),
            "CANVAS_POSTGRES_URI": postgres_uri,
            "CANVAS_REDIS_URI": redis_uri,
            # No cached product may expire between two rounds.
            "CANVAS_CACHE_TTL": "24h",
            "CANVAS_CACHE_NEAR_ENABLED": str(near_cache).lower(),
            "CANVAS_AUTH_MODE": "none",
        }
        if long_timeouts:
            env.update(CANVAS_REDIS_TIMEOUT="2s", CANVAS_POSTGRES_TIMEOUT="10s", CANVAS_POSTGRES_WRITE_TIMEOUT="2s")
        limit = [] if descriptors is None else ["prlimit", f"--nofile={descriptors}:{descriptors}"]
        self._command = [*limit, LAUNCHER, "serve"]
        self._sandbox, self._name, self._env = sandbox, name, {**env, **(settings or {})}
        self.start()

    def start(self) -> None:
        """Starts it, also after it was stopped; its ports and its log's name stay."""
        self.server: ServerProcess = self._sandbox.start(self._name, self._command, env=self._env)

    @property
    def pid(self) -> int:
        """The process ID."""
        return self.server.pid

    def await_ready(self, seconds: int = 60) -> None:
        """Waits until it reports that it is ready."""
        self.server.await_ready(self.is_ready, seconds)

    def is_ready(self) -> bool:
        """Whether it reports that it is ready."""
        return answers_200(f"http://127.0.0.1:{self.management_port}/health/ready")

    def read_products(self, count: int) -> None:
        """Reads products 1 … count once each, so that they are cached."""
        read_products(self.port, count)

    def metrics(self) -> CanvasMetrics:
        """Its metrics since its start."""
        url = f"http://127.0.0.1:{self.management_port}/metrics"
        with urllib.request.urlopen(url, timeout=30) as response:
            return CanvasMetrics.parse(response.read().decode())
