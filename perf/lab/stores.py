"""The private Postgres and Redis of a run, on loopback."""

from __future__ import annotations

import signal
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

from lab.processes import LabError, Workshop, free_port, output_of, unprivileged_user

USER = "canvas"
ROWS_SQL = Path(__file__).with_name("rows.sql")
# The nine items of a product: @p is its id, @n a name.
MEDIA_TEMPLATE = Path(__file__).with_name("media.template")
POSTGRES_HOMES = Path("/usr/lib/postgresql")

# The same server, with the same settings, serves Canvas and pgbench. What makes a commit durable stays
# on (fsync, synchronous_commit and full_page_writes are so by default).
POSTGRES_SETTINGS = {
    "shared_buffers": "1GB",
    "max_connections": "200",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",  # The laboratory vacuums itself: after loading, and between rounds that write.
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


def postgres_program(name: str) -> str:
    """The path of one of Debian's newest Postgres's programs."""
    homes = sorted(POSTGRES_HOMES.glob("*/bin"), key=lambda home: int(home.parent.name))
    if not homes:
        raise LabError(f"There is no Postgres under {POSTGRES_HOMES}: run perf/install")
    return str(homes[-1] / name)


class Postgres:
    """A Postgres cluster in a temporary directory."""

    def __init__(self, workshop: Workshop, more_settings: Mapping[str, str]) -> None:
        self._workshop = workshop
        self._user = user = unprivileged_user("postgres")
        self._data = data = workshop.folder("postgres", user)
        self._settings = {**POSTGRES_SETTINGS, **more_settings}
        self.port = free_port()
        output_of(
            [postgres_program("initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-instructions"],
            user=user, cwd=data,
        )  # fmt: skip
        self.start()

    def start(self) -> None:
        """Starts it, again where it was killed, and waits until it answers."""
        settings = [f"-c{name}={value}" for name, value in self._settings.items()]
        self.server = self._workshop.start(
            "postgres-server",
            [postgres_program("postgres"), "-D", str(self._data), "-p", str(self.port), *settings],
            user=self._user, cwd=self._data, stop_signal=signal.SIGINT,
        )  # fmt: skip
        self.server.await_ready(lambda: "ready to accept connections" in self.server.log_tail())

    def create_database(self, name: str) -> None:
        """Makes an empty database."""
        self.execute("postgres", f"create database {name}")

    def load_rows(self, database: str, rows: int) -> None:
        """Generates the products 1 … rows; the tables have to be there."""
        self._psql(database, "-v", f"rows={rows}", "-v", f"file={MEDIA_TEMPLATE}", "-f", str(ROWS_SQL))

    def execute(self, database: str, *statements: str) -> str:
        """Runs statements, each on its own; what they gave."""
        return self._psql(database, *(word for each in statements for word in ("-c", each)))

    def script(self, database: str, text: str) -> str:
        """Runs a script of psql, in one session; what it gave."""
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write(text)
            file.flush()
            return self._psql(database, "-f", file.name)

    def uri(self, database: str) -> str:
        """Where Canvas finds a database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def query(self, database: str, sql: str) -> int:
        """The number that a query answers with."""
        return int(self._psql(database, "-c", sql))

    def connections(self) -> int:
        """How many clients are connected, without the one that asks."""
        return self.query(
            "postgres",
            "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
        )

    def _psql(self, database: str, *arguments: str) -> str:
        return output_of(
            [postgres_program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
             "-p", str(self.port), "-U", USER, "-d", database, *arguments]
        )  # fmt: skip


class Redis:
    """A Redis without persistence."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._data = workshop.folder("redis-data")
        self.port = free_port()
        self.start()

    def start(self) -> None:
        """Starts it, again where it was killed, and waits until it answers."""
        self.server = self._workshop.start(
            "redis",
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--daemonize", "no", "--dir", str(self._data)],
        )  # fmt: skip
        self.server.await_ready(lambda: self.server.log_tail().endswith("accept connections"))

    def uri(self, database: int) -> str:
        """Where Canvas finds a database of this server."""
        return f"redis://127.0.0.1:{self.port}/{database}"


# The keys that name the generation of the catalogue that may be read.
MARKERS = "canvas:*:catalogue:*"
CLEARING = f"""
local kept = {{}}
for _, key in ipairs(redis.call('KEYS', '{MARKERS}')) do kept[key] = redis.call('GET', key) end
redis.call('FLUSHDB', 'SYNC')
for key, value in pairs(kept) do redis.call('SET', key, value) end
return 0
"""


class RedisClient:
    """A connection to one database of Redis, for questions beside the measurement."""

    _NAME = "canvas-lab"

    def __init__(self, redis: Redis, database: int) -> None:
        self._redis, self._database = redis, database
        self.connect()

    def connect(self) -> None:
        """Connects, again where Redis was killed."""
        self._socket = socket.create_connection(("127.0.0.1", self._redis.port))
        self._in = self._socket.makefile("rb")
        self._ask("CLIENT", "SETNAME", self._NAME)
        self._ask("SELECT", str(self._database))

    def connections(self) -> int:
        """How many clients are connected to the server, without those of the laboratory."""
        clients = self._ask("CLIENT", "LIST").splitlines()
        return sum(f" name={self._NAME} " not in client for client in clients)

    def size(self) -> int:
        """How many products there are."""
        return int(self._ask("EVAL", f"return redis.call('DBSIZE') - #redis.call('KEYS', '{MARKERS}')", "0"))

    def clear(self) -> None:
        """Deletes every product of this database; without the markers Canvas would have to connect anew."""
        self._ask("EVAL", CLEARING, "0")

    def key_prefix(self) -> str:
        """What stands before the product's id in Canvas's keys."""
        prefix, separator, _ = self._ask("EVAL", "return redis.call('KEYS', 'canvas:*:m:*')[1] or ''", "0").rpartition(":m:")
        if not separator:
            raise LabError("Canvas has written no key that ends with ':m:<id>' into Redis")
        return prefix + separator

    def calls(self) -> dict[str, int]:
        """How often each command has been called since the start, those in scripts too."""
        calls = {}
        for line in self._ask("INFO", "commandstats").splitlines():
            if line.startswith("cmdstat_"):
                name, _, figures = line.removeprefix("cmdstat_").partition(":")
                calls[name] = int(figures.split(",")[0].removeprefix("calls="))
        return calls

    def _ask(self, *words: str) -> str:
        parts = [f"*{len(words)}\r\n"] + [f"${len(word)}\r\n{word}\r\n" for word in words]
        self._socket.sendall("".join(parts).encode())
        head = self._in.readline().decode().rstrip()
        if head.startswith("$") and head != "$-1":
            length = int(head[1:])
            return self._in.read(length + 2)[:length].decode()
        if head.startswith("-"):
            raise LabError(f"Redis refuses {words[0]}: {head[1:]}")
        return "" if head == "$-1" else head[1:]
