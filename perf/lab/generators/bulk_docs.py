"""The baseline for loading CouchDB: a loop over one connection that posts documents to _bulk_docs."""

from __future__ import annotations

import http.client
import time
from collections.abc import Sequence

from lab.harness.errors import LabError
from lab.servers.couchdb import DATABASE, CouchDb


class BulkDocsLoop:
    """Posts the same documents on each run, one request after another."""

    def __init__(self, documents: Sequence[bytes]) -> None:
        self._documents = documents
        self.rows = len(documents)

    def run(self, couchdb: CouchDb, batch: int) -> float:
        """Loads all documents, so many per request; the seconds that takes once the bodies are ready."""
        bodies = [
            b'{"docs":[' + b",".join(self._documents[first : first + batch]) + b"]}"
            for first in range(0, self.rows, batch)
        ]
        couchdb.create_database()
        connection = http.client.HTTPConnection("127.0.0.1", couchdb.port, timeout=120)
        started = time.monotonic()
        for body in bodies:
            connection.request("POST", f"/{DATABASE}/_bulk_docs", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read()
            if response.status != 201 or b'"error"' in text:
                raise LabError(f"_bulk_docs failed with status {response.status}: {text[:200]!r}")
        seconds = time.monotonic() - started
        connection.close()
        return seconds
