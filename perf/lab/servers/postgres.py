"""Starts the Postgres server of a run and runs SQL on it."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Mapping
from pathlib import Path

from lab.harness.errors import LabError
from lab.harness.paths import MEDIA_TEMPLATE, PRODUCTS_SQL
from lab.harness.processes import Sandbox, free_port, unprivileged_user
from lab.harness.programs import output_of

USER = "canvas"
INSTALLATIONS = Path("/usr/lib/postgresql")

# One server with these settings serves Canvas and pgbench alike. What makes a commit durable stays on:
# fsync, synchronous_commit and full_page_writes are on by default.
SETTINGS = {
    "shared_buffers": "1GB",
    "max_connections": "200",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",  # The lab vacuums: after loading, and between rounds that write.
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


def postgres_program(name: str) -> str:
    """The path of a program of the newest Postgres that Debian's packages have installed."""
    installed = sorted(INSTALLATIONS.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not installed:
        raise LabError(f"Postgres is not installed under {INSTALLATIONS}: run perf/install")
    return str(installed[-1] / name)


class Postgres:
    """A Postgres server with a new data directory."""

    def __init__(self, sandbox: Sandbox, more_settings: Mapping[str, str] | None = None) -> None:
        self._sandbox = sandbox
        self._user = user = unprivileged_user("postgres")
        self._data = data = sandbox.make_folder("postgres", user)
        self._settings = {**SETTINGS, **(more_settings or {})}
        self.port = free_port()
        output_of(
            [postgres_program("initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-instructions"],
            user=user, cwd=data,
        )  # fmt: skip
        self.start()

    def start(self) -> None:
        """Starts the server, also after it was killed, and waits until it accepts connections."""
        settings = [f"-c{name}={value}" for name, value in self._settings.items()]
        self.server = self._sandbox.start(
            "postgres-server",
            [postgres_program("postgres"), "-D", str(self._data), "-p", str(self.port), *settings],
            user=self._user, cwd=self._data, stop_signal=signal.SIGINT,
        )  # fmt: skip
        self.server.await_ready(lambda: "ready to accept connections" in self.server.log_tail())

    def uri(self, database: str) -> str:
        """The URI of a database, as Canvas takes it."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> None:
        """Creates an empty database."""
        self.execute("postgres", f"create database {name}")

    def generate_products(self, database: str, rows: int) -> None:
        """Generates products 1 … rows. Canvas must have created the tables."""
        variables = ("-v", f"rows={rows}", "-v", f"file={MEDIA_TEMPLATE}")
        output_of(self.psql(database, *variables, "-f", str(PRODUCTS_SQL)))

    def execute(self, database: str, *statements: str) -> str:
        """Runs statements, each in its own transaction; returns their output."""
        return output_of(self.psql_statements(database, *statements))

    def query_number(self, database: str, sql: str) -> int:
        """The number that a query returns."""
        return int(self.execute(database, sql))

    def run_script(self, database: str, text: str) -> str:
        """Runs a psql script in one session; returns its output."""
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write(text)
            file.flush()
            return output_of(self.psql(database, "-f", file.name))

    def psql(self, database: str, *arguments: str) -> list[str]:
        """The command line of psql, without anybody's startup file."""
        return [
            postgres_program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
            "-p", str(self.port), "-U", USER, "-d", database, *arguments,
        ]  # fmt: skip

    def psql_statements(self, database: str, *statements: str) -> list[str]:
        """The command line of psql that runs statements, each in its own transaction."""
        return self.psql(database, *(word for each in statements for word in ("-c", each)))

    def connections(self) -> int:
        """The number of client connections, excluding this query's own."""
        return self.query_number(
            "postgres",
            "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
        )
