"""pgbench, which asks Postgres itself, without a service between."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from lab.load import Clients, Outcome, run_timed
from lab.processes import LabError
from lab.stores import USER, Postgres, postgres_program

# The share of its transactions whose time pgbench writes down.
LOGGED = 0.1


class Pgbench:
    """pgbench with prepared statements: one and the same script a transaction."""

    def __init__(
        self, postgres: Postgres, database: str, script: str, clients: Clients, texts: Mapping[str, str] | None = None
    ) -> None:
        """Texts are variables of the script; as it is prepared, they go to the server as parameters."""
        self._script = script
        self._options = [
            "-n", "-M", "prepared", "-c", str(clients.connections), "-j", str(clients.threads),
            *(f"-D{name}={text}" for name, text in (texts or {}).items()),
            "-h", "127.0.0.1", "-p", str(postgres.port), "-U", USER, database,
        ]  # fmt: skip

    def run(self, seconds: int) -> Outcome:
        """Asks for so many seconds; the time to connect is not counted."""
        with tempfile.TemporaryDirectory(prefix="canvas-pgbench-") as folder:
            script = Path(folder, "script.sql")
            script.write_text(self._script)
            text, cpu_seconds = run_timed([
                postgres_program("pgbench"), "-f", str(script), "-T", str(seconds), "-l",
                f"--log-prefix={folder}/log", f"--sampling-rate={LOGGED}", *self._options,
            ])  # fmt: skip
            times = logged_ms(Path(folder))
        requests = int(figure(text, r"number of transactions actually processed: (\d+)"))
        failed = int(figure(text, r"number of failed transactions: (\d+)"))
        return Outcome(
            requests=requests,
            seconds=requests / figure(text, r"tps = ([\d.]+)"),
            errors={"failed transactions": failed} if failed else {},
            p50_ms=percentile(times, 0.5),
            p99_ms=percentile(times, 0.99),
            cpu_seconds=cpu_seconds,
        )


def logged_ms(folder: Path) -> list[float]:
    """The times of the transactions that pgbench has written into its logs."""
    logs = [log.read_text().splitlines() for log in folder.glob("log.*")]
    return [int(line.split()[2]) / 1e3 for lines in logs for line in lines]


def percentile(values: list[float], share: float) -> float | None:
    """The value that this share of all does not exceed; none where there are none."""
    return sorted(values)[math.ceil(share * len(values)) - 1] if values else None


def figure(text: str, pattern: str) -> float:
    """The number that a load generator wrote."""
    found = re.search(pattern, text)
    if found is None:
        raise LabError(f"The load generator gave no figure:\n{text.strip()[-800:]}")
    return float(found[1])
