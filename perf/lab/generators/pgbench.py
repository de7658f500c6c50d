"""pgbench, the closed-loop generator of SQL statements: Postgres without a service in front of it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from lab.generators.closed_loop import Clients, LoadResult
from lab.harness import programs
from lab.harness.errors import LabError
from lab.harness.statistics import percentile
from lab.servers.postgres import USER, Postgres, postgres_program

# The share of its transactions whose latency pgbench logs.
SAMPLING_RATE = 0.1


class Pgbench:
    """pgbench with prepared statements; each transaction runs the same script."""

    def __init__(
        self,
        postgres: Postgres,
        database: str,
        script: str,
        clients: Clients,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Variables of the script go to the server as parameters, because the statements are prepared."""
        self._script = script
        self._options = [
            "-n", "-M", "prepared", "-c", str(clients.connections), "-j", str(clients.threads),
            *(f"-D{name}={value}" for name, value in (variables or {}).items()),
            "-h", "127.0.0.1", "-p", str(postgres.port), "-U", USER, database,
        ]  # fmt: skip

    def run(self, seconds: int) -> LoadResult:
        """Runs transactions for this long; the time to connect is not counted."""
        with tempfile.TemporaryDirectory(prefix="canvas-pgbench-") as folder:
            script = Path(folder, "script.sql")
            script.write_text(self._script)
            ended = programs.run([
                postgres_program("pgbench"), "-f", str(script), "-T", str(seconds), "-l",
                f"--log-prefix={folder}/log", f"--sampling-rate={SAMPLING_RATE}", *self._options,
            ])  # fmt: skip
            latencies = sorted(logged_ms(Path(folder)))
        requests = int(figure(ended.output, r"number of transactions actually processed: (\d+)"))
        failed = int(figure(ended.output, r"number of failed transactions: (\d+)"))
        return LoadResult(
            requests=requests,
            seconds=requests / figure(ended.output, r"tps = ([\d.]+)"),
            errors={"failed transactions": failed} if failed else {},
            p50_ms=percentile(latencies, 0.5) if latencies else None,
            p99_ms=percentile(latencies, 0.99) if latencies else None,
            cpu_seconds=ended.cpu_seconds,
        )


def logged_ms(folder: Path) -> list[float]:
    """The latencies of the transactions that pgbench has logged."""
    logs = [log.read_text().splitlines() for log in folder.glob("log.*")]
    return [int(line.split()[2]) / 1e3 for lines in logs for line in lines]


def figure(output: str, pattern: str) -> float:
    """The number that pgbench printed."""
    found = re.search(pattern, output)
    if found is None:
        raise LabError(f"pgbench printed no figure for '{pattern}':\n{output.strip()[-programs.SHOWN_OUTPUT :]}")
    return float(found[1])
