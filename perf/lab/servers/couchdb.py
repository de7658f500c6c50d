"""Starts express-pouchdb, which speaks CouchDB's protocol and takes CouchDB's place here, as in the tests."""

from __future__ import annotations

import http.client
import json
import re
import subprocess

from lab.harness.errors import LabError
from lab.harness.paths import ROOT
from lab.harness.processes import STOP_SECONDS, Sandbox
from lab.harness.programs import output_of

SOURCE = ROOT / "src" / "test" / "couchdb"
INSTALLED = ROOT / "target" / "couchdb-lab"
DATABASE = "canvas"
PAGE = 5_000


class CouchDb:
    """An empty express-pouchdb server that keeps everything in memory."""

    def __init__(self, sandbox: Sandbox) -> None:
        install()
        log = sandbox.directory / "pouch.log"
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
        """Closes its standard input, which ends it; kills it if that does not."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def create_database(self) -> None:
        """Creates the database."""
        self._request("PUT", "")

    def documents(self) -> list[bytes]:
        """The documents of all products, ready to be sent to another server."""
        found: list[bytes] = []
        start = "0"
        while True:
            rows = self._page(start)
            found += [json.dumps({"_id": row["id"], "media": row["doc"]["media"]}).encode() for row in rows]
            if len(rows) < PAGE:
                return found
            start = rows[-1]["id"] + "0"

    def check_products(self, expected: int) -> None:
        """Fails if there is another number of products. Documents of Canvas itself do not count."""
        own = len(self._rows('/_all_docs?startkey="canvas"&endkey="canvas-z"'))
        info = self._request("GET", "")
        count = info["doc_count"] - own  # type: ignore[index]
        if count != expected:
            raise LabError(f"CouchDB holds {count} products instead of {expected}")

    def _page(self, start: str) -> list[dict]:  # type: ignore[type-arg]
        return self._rows(f'/_all_docs?include_docs=true&limit={PAGE}&startkey="{start}"&endkey="9999999999999999"')

    def _rows(self, path: str) -> list[dict]:  # type: ignore[type-arg]
        return self._request("GET", path.replace('"', "%22"))["rows"]  # type: ignore[index,no-any-return]

    def _request(self, method: str, path: str) -> object:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, f"/{DATABASE}{path}", headers={"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        if response.status >= 400:
            raise LabError(f"{method} {path} failed with status {response.status}: {text[:200]!r}")
        return json.loads(text)


def install() -> None:
    """Installs the packages in the tests' package-lock.json, unless they are installed already."""
    done = INSTALLED / "installed.json"
    wanted = (SOURCE / "package-lock.json").read_text()
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "server.js"):
        (INSTALLED / name).write_text((SOURCE / name).read_text())
    if not done.exists() or done.read_text() != wanted:
        output_of(["npm", "ci", "--omit=optional", "--no-audit", "--no-fund"], cwd=INSTALLED)
        done.write_text(wanted)
