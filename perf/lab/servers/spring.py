"""Starts the Spring peer: a JVM service as most teams would write it. perf/README.md says what it does."""

from __future__ import annotations

from lab.harness.errors import LabError
from lab.harness.paths import PEERS
from lab.harness.processes import Sandbox, ServerProcess
from lab.servers.canvas import java

JAR = PEERS / "spring" / "target" / "spring-peer.jar"
REDIS_DATABASE = 6

# Those of ./canvas, so that neither side has the better collector or the larger heap.
JVM_OPTIONS = ("-XX:+UseParallelGC", "-Xmx384m", "-Xmn96m")


def start(
    sandbox: Sandbox, name: str, port: int, postgres_uri: str, table: str, redis_port: int
) -> ServerProcess:
    """Starts it over a table like product_media, and over a Redis database of its own."""
    if not JAR.exists():
        raise LabError("The Spring peer is not built: run perf/install")
    env = {
        "SERVER_ADDRESS": "127.0.0.1",
        "SERVER_PORT": str(port),
        "SPRING_R2DBC_URL": f"r2dbc:{postgres_uri}",
        "REDIS_URI": f"redis://127.0.0.1:{redis_port}/{REDIS_DATABASE}",
        "MEDIA_TABLE": table,
    }
    return sandbox.start(name, [java(), *JVM_OPTIONS, "-jar", str(JAR)], env=env)
