"""Starts the Redis server of a run, and talks to it."""

from __future__ import annotations

import socket

from lab.harness.errors import LabError
from lab.harness.processes import Sandbox, free_port


class Redis:
    """A Redis server without persistence."""

    def __init__(self, sandbox: Sandbox, name: str = "redis") -> None:
        self._sandbox, self._name = sandbox, name
        self._data = sandbox.make_folder(f"{name}-data")
        self.port = free_port()
        self.start()

    def start(self) -> None:
        """Starts the server, also after it was killed, and waits until it accepts connections."""
        self.server = self._sandbox.start(self._name, self._command(self.port))
        self.server.await_ready(lambda: self.server.log_tail().endswith("accept connections"))

    def _command(self, port: int) -> list[str]:
        return ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
                "--appendonly", "no", "--daemonize", "no", "--dir", str(self._data)]  # fmt: skip

    def uri(self, database: int) -> str:
        """The URI of a database, as Canvas takes it."""
        return f"redis://127.0.0.1:{self.port}/{database}"


# The keys that name the generation of the catalogue that readers may use.
GENERATION_KEYS = "canvas:*:catalogue:*"
CLEAR_SCRIPT = f"""
local kept = {{}}
for _, key in ipairs(redis.call('KEYS', '{GENERATION_KEYS}')) do kept[key] = redis.call('GET', key) end
redis.call('FLUSHDB', 'SYNC')
for key, value in pairs(kept) do redis.call('SET', key, value) end
return 0
"""
SIZE_SCRIPT = f"return redis.call('DBSIZE') - #redis.call('KEYS', '{GENERATION_KEYS}')"
PRODUCT_KEY_SCRIPT = "return redis.call('KEYS', 'canvas:*:m:*')[1] or ''"


class RedisClient:
    """The lab's own connection to one Redis database."""

    _NAME = "canvas-lab"

    def __init__(self, redis: Redis, database: int) -> None:
        self._redis, self._database = redis, database
        self.connect()

    def connect(self) -> None:
        """Connects, also after Redis was killed."""
        self._socket = socket.create_connection(("127.0.0.1", self._redis.port))
        self._in = self._socket.makefile("rb")
        self._call("CLIENT", "SETNAME", self._NAME)
        self._call("SELECT", str(self._database))

    def connections(self) -> int:
        """The number of clients of the server, excluding those of the lab."""
        clients = self._call("CLIENT", "LIST").splitlines()
        return sum(f" name={self._NAME} " not in client for client in clients)

    def size(self) -> int:
        """The number of cached products."""
        return int(self._call("EVAL", SIZE_SCRIPT, "0"))

    def clear(self) -> None:
        """Deletes all products of this database. The generation keys stay, or Canvas would have to reconnect."""
        self._call("EVAL", CLEAR_SCRIPT, "0")

    def key_prefix(self) -> str:
        """What precedes the product ID in Canvas's keys."""
        prefix, separator, _ = self._call("EVAL", PRODUCT_KEY_SCRIPT, "0").rpartition(":m:")
        if not separator:
            raise LabError("Redis holds no key of Canvas that ends with ':m:<id>'")
        return prefix + separator

    def calls(self) -> dict[str, int]:
        """The number of calls of each command since the server's start, including calls from scripts."""
        calls = {}
        for line in self._call("INFO", "commandstats").splitlines():
            if line.startswith("cmdstat_"):
                name, _, figures = line.removeprefix("cmdstat_").partition(":")
                calls[name] = int(figures.split(",")[0].removeprefix("calls="))
        return calls

    def _call(self, *words: str) -> str:
        parts = [f"*{len(words)}\r\n"] + [f"${len(word)}\r\n{word}\r\n" for word in words]
        self._socket.sendall("".join(parts).encode())
        head = self._in.readline().decode().rstrip()
        if head.startswith("$") and head != "$-1":
            length = int(head[1:])
            return self._in.read(length + 2)[:length].decode()
        if head.startswith("-"):
            raise LabError(f"Redis rejects {words[0]}: {head[1:]}")
        return "" if head == "$-1" else head[1:]
