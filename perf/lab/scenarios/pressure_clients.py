"""P4 and P5 of perf/pressure: slow readers, floods of large batches, and storms of connections."""

from __future__ import annotations

import http.client
import json

from lab.generators.hostile import PIPELINED, Storm, flood, storm
from lab.harness.errors import LabError
from lab.measuring.strain import Strain
from lab.scenarios.pressure_load import PressureLoads
from lab.scenarios.pressure_overload import beside_rate
from lab.scenarios.pressure_testbed import HOT_PRODUCTS, pressed

SLOW_READERS, QUICK_SLOW_READERS = 200, 20
FLOODING_SOCKETS = 2

# The products of a batch, at the end of the catalogue: each has 120 kB, in as many items as it may have.
BATCH = 100
LARGE_ITEMS, QUICK_LARGE_ITEMS = 50, 5
ALT, PATH = "x" * 400, "y" * 1_900

STORM_CONNECTIONS, QUICK_STORM_CONNECTIONS = 4_000, 100


def slow_readers_and_batches(loads: PressureLoads) -> list[Strain]:
    """P4: hot reads at a fixed rate, alone, beside slow readers, and beside sockets that pipeline large batches."""
    quick = loads.testbed.plan.quick
    port, rate = loads.catalogue.canvas.port, beside_rate(loads)
    write_large_products(loads)
    first = loads.catalogue.rows - BATCH + 1
    batch = f"/api/products/media?ids={','.join(map(str, range(first, first + BATCH)))}"
    found: list[Strain] = []
    loads.prepare()
    loads.testbed.progress.show("P4: hot reads alone")
    with loads.beside(found, "hot reads alone", rate):
        pass
    readers = QUICK_SLOW_READERS if quick else SLOW_READERS
    loads.testbed.progress.show(f"P4: {readers} slow readers")
    with flood(port, readers, [batch], slow=True) as received:
        with loads.beside(found, f"beside {readers} slow readers", rate):
            pass
    loads.testbed.progress.show(f"P4: they have read {sum(received) / 1e6:,.1f} MB in whole answers")
    loads.testbed.progress.show(f"P4: {FLOODING_SOCKETS} sockets pipeline batches")
    label = f"beside {FLOODING_SOCKETS} × {PIPELINED} batches"
    with flood(port, FLOODING_SOCKETS, [batch] * PIPELINED, slow=False) as received:
        with loads.beside(found, label, rate):
            pass
    loads.testbed.progress.show(f"P4: they have read {sum(received) / 1e6:,.1f} MB")
    return found


def write_large_products(loads: PressureLoads) -> None:
    """Replaces the last products of the catalogue by large ones."""
    loads.testbed.progress.show(f"P4: writing {BATCH} large products")
    items = [
        {"type": "image", "url": f"/media/{PATH}/{number}.webp", "alt": ALT, "width": 800, "height": 1000}
        for number in range(QUICK_LARGE_ITEMS if loads.testbed.plan.quick else LARGE_ITEMS)
    ]
    body = json.dumps({"media": items})
    connection = http.client.HTTPConnection("127.0.0.1", loads.catalogue.canvas.port, timeout=30)
    try:
        for product in range(loads.catalogue.rows - BATCH + 1, loads.catalogue.rows + 1):
            connection.request("PUT", f"/api/products/{product}/media", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read()
            if response.status not in (200, 201):
                raise LabError(f"A large product was answered with status {response.status}: {text[:200]!r}")
    finally:
        connection.close()


def storms(loads: PressureLoads) -> list[tuple[str, Storm, int]]:
    """P5: many connections within a second, again at once, and right after a restart; with the lines of lost stores."""
    canvas, sandbox = loads.catalogue.canvas, loads.testbed.sandbox
    count = QUICK_STORM_CONNECTIONS if loads.testbed.plan.quick else STORM_CONNECTIONS
    found = []
    loads.prepare()
    for label in ("first", "again", "after a restart"):
        if label == "after a restart":
            loads.testbed.progress.show("P5: restarting Canvas")
            sandbox.stop(canvas.server)
            canvas.start()
            canvas.await_ready()
        lost = loads.lost()
        done = storm(canvas.port, count, HOT_PRODUCTS)
        pressed(loads.testbed)
        found.append((label, done, loads.lost() - lost))
        loads.testbed.progress.show(f"P5 {label}: {done.good:,} of {count:,} answered 200")
    return found
