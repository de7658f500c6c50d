"""What the scenarios of perf/pressure share: the catalogue, Canvas's settings, and what its log says of its stores."""

from __future__ import annotations

from lab.harness.errors import LabError
from lab.scenarios.testbed import Testbed

HOT_PRODUCTS = 1_000

# Canvas says so when it takes a connection to Redis or Postgres for lost.
LOST_LINES = r"connection lost|is away"

# The default is 10,000. A round may begin while connections of the last one are still open.
CANVAS_SETTINGS = {"CANVAS_HTTP_CONNECTIONS": "12000"}


def pressed(testbed: Testbed) -> None:
    """Fails if Canvas has not survived a round."""
    server = testbed.large.canvas.server
    if not server.is_running():
        raise LabError(f"Canvas has ended under load. Its log ends with:\n{server.log_tail()}")
