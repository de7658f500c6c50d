"""Canvas itself, as a user starts it: ./canvas serve."""

from __future__ import annotations

import os
import shlex
import urllib.request
from pathlib import Path

from lab.counts import Counts
from lab.processes import LabError, Server, Workshop, answers_200, free_port

ROOT = Path(__file__).resolve().parents[2]
JAR = ROOT / "target" / "canvas.jar"
LIBRARIES = ROOT / "target" / "lib"
IDS_A_BATCH = 100


def check_built() -> None:
    """Fails where there is no jar, or one older than its sources."""
    if not JAR.exists():
        raise LabError("There is no target/canvas.jar: run mvn -DskipTests package")
    built = JAR.stat().st_mtime
    sources = [ROOT / "pom.xml", *(path for path in (ROOT / "src" / "main").rglob("*") if path.is_file())]
    newer = [path for path in sources if path.stat().st_mtime > built]
    if newer:
        raise LabError(
            f"target/canvas.jar is older than {newer[0].relative_to(ROOT)}: run mvn -DskipTests package"
        )


def java() -> str:
    """The Java that runs Canvas, and the peer on the same virtual machine."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home, "bin", "java")) if home else "java"


def java_options() -> list[str]:
    """Options of the JVM, from where ./canvas takes them too."""
    return shlex.split(os.environ.get("CANVAS_JAVA_OPTS", ""))


class Canvas:
    """One process of Canvas over a database of Postgres and one of Redis."""

    def __init__(
        self,
        workshop: Workshop,
        name: str,
        postgres_uri: str,
        redis_uri: str,
        *,
        near: bool,
        patient: bool,
    ) -> None:
        """
        Starts it.

        near: with the near cache. patient: with long deadlines for its stores, for checks on a
        machine that is busy with other work; never for measuring.
        """
        self.port, self.management_port = free_port(), free_port()
        env = {
            "CANVAS_HTTP_HOST": "127.0.0.1",
            "CANVAS_HTTP_PORT": str(self.port),
            "CANVAS_MANAGEMENT_PORT": str(self.management_port),
            "CANVAS_POSTGRES_URI": postgres_uri,
            "CANVAS_REDIS_URI": redis_uri,
            # Nothing is to expire between two rounds.
            "CANVAS_CACHE_TTL": "24h",
            "CANVAS_CACHE_NEAR_ENABLED": str(near).lower(),
            "CANVAS_AUTH_MODE": "none",
        }
        if patient:
            env.update(
                CANVAS_REDIS_TIMEOUT="2s", CANVAS_POSTGRES_TIMEOUT="10s", CANVAS_POSTGRES_WRITE_TIMEOUT="2s"
            )
        self.server: Server = workshop.start(
            name, [str(ROOT / "canvas"), "serve"], env=env
        )

    @property
    def pid(self) -> int:
        """The process."""
        return self.server.pid

    def await_ready(self) -> None:
        """Waits until it takes requests."""
        self.server.await_ready(self.is_ready, 60)

    def is_ready(self) -> bool:
        """Whether it says that it takes requests."""
        return answers_200(f"http://127.0.0.1:{self.management_port}/health/ready")

    def ask_all(self, ids: int) -> None:
        """Reads the products 1 … ids once, so that they are cached."""
        for first in range(1, ids + 1, IDS_A_BATCH):
            batch = ",".join(map(str, range(first, min(first + IDS_A_BATCH, ids + 1))))
            url = f"http://127.0.0.1:{self.port}/api/products/media?ids={batch}"
            with urllib.request.urlopen(url, timeout=30) as response:
                response.read()

    def counts(self) -> Counts:
        """What it has counted since its start."""
        url = f"http://127.0.0.1:{self.management_port}/metrics"
        with urllib.request.urlopen(url, timeout=30) as response:
            return Counts.parse(response.read().decode())
