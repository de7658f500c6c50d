"""wrk, the closed-loop generator of HTTP requests, and the orders in which it requests products."""

from __future__ import annotations

import json
import re
from pathlib import Path

from lab.generators.closed_loop import Clients, LoadResult
from lab.generators.permutation import permutation_step
from lab.harness import programs
from lab.harness.errors import LabError
from lab.harness.paths import MEDIA_TEMPLATE, PERF

SCRIPTS = PERF / "wrk"


class RandomReads:
    """GETs of random products among the first ones."""

    script = SCRIPTS / "random.lua"

    def __init__(self, products: int) -> None:
        self._products = products
        self._runs = 0

    def arguments(self) -> list[str]:
        """The script's arguments: the number of products, and another seed for each run."""
        self._runs += 1
        return [str(self._products), str(self._runs)]

    def errors_after(self, requests: int) -> list[str]:
        """What is wrong after a run of so many requests: nothing."""
        return []


class RandomWrites(RandomReads):
    """PUTs of random products among the first ones; no body is sent twice."""

    script = SCRIPTS / "put.lua"

    def arguments(self) -> list[str]:
        """Those of RandomReads, and the template of the items."""
        return [*super().arguments(), str(MEDIA_TEMPLATE)]


class RandomBatches(RandomReads):
    """GETs of several random products among the first ones."""

    script = SCRIPTS / "batch.lua"

    def __init__(self, products: int, size: int) -> None:
        super().__init__(products)
        self._size = min(size, products)

    def arguments(self) -> list[str]:
        """Those of RandomReads, and the products of a request."""
        return [*super().arguments(), str(self._size)]


class Revalidations(RandomReads):
    """GETs of random products among the first ones, each with the version that the product has."""

    script = SCRIPTS / "revalidate.lua"

    def __init__(self, products: int, versions: Path) -> None:
        super().__init__(products)
        self._versions = versions

    def arguments(self) -> list[str]:
        """Those of RandomReads, and the file of the versions."""
        return [*super().arguments(), str(self._versions)]


class ShopTraffic(RandomWrites):
    """Reads, writes, batches and GETs of the first service's API, mostly of few products."""

    script = SCRIPTS / "mixed.lua"

    def __init__(self, products: int, batch: int) -> None:
        super().__init__(products)
        self._more = [str(permutation_step(products)), str(batch)]

    def arguments(self) -> list[str]:
        """Those of RandomWrites, how products are scattered, and the products of a batch."""
        return [*super().arguments(), *self._more]


class EachProductOnce:
    """
    GETs of all products in a scattered order; none is repeated before all have been requested.

    A run that is so long that it starts again from the first one is invalid, unless repeats are allowed.
    """

    script = SCRIPTS / "once.lua"

    def __init__(self, products: int, clients: Clients, *, allow_repeats: bool) -> None:
        self._products, self._clients, self._allow_repeats = products, clients, allow_repeats
        self._step = permutation_step(products)
        self._first = 0

    def arguments(self) -> list[str]:
        """The script's arguments; continues where the previous run ended."""
        return [str(self._products), str(self._step), str(self._first), str(self._clients.threads)]

    def errors_after(self, requests: int) -> list[str]:
        """Advances the start of the next run; reports a run in which products were repeated."""
        threads, share = self._clients.threads, self._products // self._clients.threads
        # Requests that were not answered before the run ended have used a product too.
        used = requests // threads + self._clients.connections
        self._first = (self._first + used) % self._products
        if self._allow_repeats or used <= share:
            return []
        return [f"{requests} requests for {self._products} rows: products were requested twice"]


class Wrk:
    """wrk against one port."""

    def __init__(self, port: int, requests: RandomReads | EachProductOnce, clients: Clients) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._requests, self._clients = requests, clients

    def run(self, seconds: int) -> LoadResult:
        """Sends requests for this long."""
        connections, threads = self._clients.connections, self._clients.threads
        ended = programs.run([
            "wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s",
            "-s", str(self._requests.script), self._url, "--", *self._requests.arguments(),
        ])  # fmt: skip
        found = re.search(r"^SUMMARY (.*)$", ended.output, re.MULTILINE)
        if found is None:
            raise LabError(f"wrk printed no summary:\n{ended.output.strip()[-programs.SHOWN_OUTPUT :]}")
        summary = json.loads(found[1])
        kinds = ("non_2xx", "connect", "read", "write", "timeout")
        errors = {kind: summary[kind] for kind in kinds if summary[kind]}
        errors.update({problem: 1 for problem in self._requests.errors_after(summary["requests"])})
        if not summary["requests"]:
            errors["no responses"] = 1
        return LoadResult(
            requests=summary["requests"],
            seconds=summary["duration_us"] / 1e6,
            errors=errors,
            p50_ms=summary["p50_us"] / 1e3,
            p99_ms=summary["p99_us"] / 1e3,
            cpu_seconds=ended.cpu_seconds,
        )
