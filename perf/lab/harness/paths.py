"""Where the lab finds the files of this repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PERF = ROOT / "perf"
PEERS = PERF / "peers"

# The nine items of a generated product: @p stands for its ID, @n for a name.
MEDIA_TEMPLATE = PERF / "lab" / "data" / "media.template"
PRODUCTS_SQL = PERF / "lab" / "data" / "products.sql"
