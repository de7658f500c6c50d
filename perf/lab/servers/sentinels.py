"""Starts a Redis with a replica and the three Sentinels that watch them."""

from __future__ import annotations

import socket
import time

from lab.harness.errors import LabError
from lab.harness.processes import Sandbox, free_port
from lab.servers.redis import Redis, RedisClient

MASTER_NAME = "lab"
SENTINELS = 3
QUORUM = 2
DOWN_AFTER_MS = 1_000
FAILOVER_MS = 5_000
READY_SECONDS = 60


class SentinelRedis(Redis):
    """Two servers, of which the Sentinels name one the master. Its port is that of the master."""

    def __init__(self, sandbox: Sandbox, name: str) -> None:
        super().__init__(sandbox, name)
        self._replica_port = free_port()
        replica = sandbox.start(
            f"{name}-replica", [*self._command(self._replica_port), "--replicaof", "127.0.0.1", str(self.port)]
        )
        replica.await_ready(lambda: "accept connections" in replica.log_tail())
        self._sentinel_ports = [self._start_sentinel(number) for number in range(SENTINELS)]
        deadline = time.monotonic() + READY_SECONDS
        while not all(self._is_complete(port) for port in self._sentinel_ports):
            if time.monotonic() > deadline:
                raise LabError("The Sentinels do not find each other")
            time.sleep(0.1)

    def uri(self, database: int) -> str:
        """The URI of a database, as Canvas takes it."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._sentinel_ports)
        return f"redis-sentinel://{hosts}/{MASTER_NAME}?db={database}"

    def kill_master(self) -> None:
        """Kills the master."""
        self.server.kill()

    def await_promotion(self, cache: RedisClient) -> None:
        """Waits until the replica is the master, and connects the client to it."""
        deadline = time.monotonic() + READY_SECONDS
        while "role:master" not in _info(self._replica_port, "replication"):
            if time.monotonic() > deadline:
                raise LabError("The Sentinels promote no replica")
            time.sleep(0.01)
        self.port = self._replica_port
        cache.connect()

    def _start_sentinel(self, number: int) -> int:
        port, name = free_port(), f"{self._name}-sentinel-{number}"
        configuration = self._sandbox.make_folder(name) / "sentinel.conf"
        configuration.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {configuration.parent}\n"
            f"sentinel monitor {MASTER_NAME} 127.0.0.1 {self.port} {QUORUM}\n"
            f"sentinel down-after-milliseconds {MASTER_NAME} {DOWN_AFTER_MS}\n"
            f"sentinel failover-timeout {MASTER_NAME} {FAILOVER_MS}\n"
        )
        server = self._sandbox.start(name, ["redis-server", str(configuration), "--sentinel"])
        server.await_ready(lambda: "+monitor" in server.log_tail())
        return port

    @staticmethod
    def _is_complete(port: int) -> bool:
        masters = _info(port, "sentinel")
        return "slaves=1" in masters and f"sentinels={SENTINELS}" in masters


def _info(port: int, section: str) -> str:
    """A section of INFO; empty if Redis ends the connection, as it does in the moment in which it is promoted."""
    try:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(f"INFO {section}\r\n".encode())
            reader = connection.makefile("rb")
            head = reader.readline()
            return reader.read(int(head[1:])).decode() if head else ""
    except ConnectionResetError:
        return ""
