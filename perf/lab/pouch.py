"""express-pouchdb, which speaks CouchDB's protocol, as the tests start it; and a loop that fills it."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from lab.canvas import ROOT
from lab.processes import LabError, Workshop, output_of

SOURCE = ROOT / "src" / "test" / "couchdb"
INSTALLED = ROOT / "target" / "couchdb-lab"
DATABASE = "canvas"
PAGE = 5_000

# The documents that are Canvas's own: the catalogue's, the relay's, the load's.
OWN = re.compile("canvas.*")


class Pouch:
    """A server with nothing in it, all of it in memory."""

    def __init__(self, workshop: Workshop) -> None:
        install()
        log = workshop.directory / "pouch.log"
        self._process = subprocess.Popen(
            ["node", "--max-old-space-size=4096", "server.js"], cwd=INSTALLED,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log.open("wb"),
        )  # fmt: skip
        line = self._process.stdout.readline().decode() if self._process.stdout else ""
        if not line:
            raise LabError(f"express-pouchdb did not start: {log.read_text()[-800:]}")
        self.pid = self._process.pid
        self.port = int(re.sub(r"\D", "", line))
        self.uri = f"http://127.0.0.1:{self.port}/{DATABASE}"

    def stop(self) -> None:
        """Ends it with its standard input."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, method: str, path: str, body: bytes | None = None) -> object:
        """One request, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, f"/{DATABASE}{path}", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status >= 400:
            raise LabError(f"{method} {path} was answered with {answer.status}: {text[:200]!r}")
        return json.loads(text)

    def documents(self) -> list[bytes]:
        """All products' documents, as one would send them."""
        found: list[bytes] = []
        start = "0"
        while True:
            rows = self._page(start)
            found += [json.dumps({"_id": row["id"], "media": row["doc"]["media"]}).encode() for row in rows]
            if len(rows) < PAGE:
                return found
            start = rows[-1]["id"] + "0"

    def check(self, rows: int) -> None:
        """Fails where there are not so many products."""
        own = len(self._rows('/_all_docs?startkey="canvas"&endkey="canvas-z"'))
        info = self.ask("GET", "")
        count = info["doc_count"] - own  # type: ignore[index]
        if count != rows:
            raise LabError(f"There are {count} products instead of {rows}")

    def _page(self, start: str) -> list[dict]:  # type: ignore[type-arg]
        return self._rows(f'/_all_docs?include_docs=true&limit={PAGE}&startkey="{start}"&endkey="9999999999999999"')

    def _rows(self, path: str) -> list[dict]:  # type: ignore[type-arg]
        return self.ask("GET", path.replace('"', "%22"))["rows"]  # type: ignore[index,no-any-return]


class BareLoop:
    """Posts ready documents to _bulk_docs, one request after the other on one connection."""

    def __init__(self, documents: Sequence[bytes]) -> None:
        self._documents = documents
        self.rows = len(documents)

    def run(self, pouch: Pouch, batch: int) -> float:
        """The seconds that it takes; the bodies are made before."""
        bodies = [
            b'{"docs":[' + b",".join(self._documents[first : first + batch]) + b"]}"
            for first in range(0, self.rows, batch)
        ]
        pouch.ask("PUT", "")
        connection = http.client.HTTPConnection("127.0.0.1", pouch.port, timeout=120)
        begun = time.monotonic()
        for body in bodies:
            connection.request("POST", f"/{DATABASE}/_bulk_docs", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 201 or b'"error"' in text:
                raise LabError(f"_bulk_docs was answered with {answer.status}: {text[:200]!r}")
        seconds = time.monotonic() - begun
        connection.close()
        return seconds


def install() -> None:
    """What package-lock.json of the tests names, once."""
    done = INSTALLED / "installed.json"
    wanted = (SOURCE / "package-lock.json").read_text()
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "server.js"):
        (INSTALLED / name).write_text((SOURCE / name).read_text())
    if not done.exists() or done.read_text() != wanted:
        output_of(["npm", "ci", "--omit=optional", "--no-audit", "--no-fund"], cwd=Path(INSTALLED))
        done.write_text(wanted)
