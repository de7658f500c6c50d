"""Starts the first service as it was meant, over a table of its own with the same products."""

from __future__ import annotations

from lab.harness.errors import LabError
from lab.harness.paths import PEERS
from lab.harness.processes import Sandbox, ServerProcess, answers_200, free_port
from lab.servers.postgres import Postgres
from lab.servers.redis import Redis

REDIS_DATABASE = 5
COLUMNS = "shoe_id, img1, img2, img3, img4, img5, img6, img7, vid1, vid2"
TYPES = ", ".join(f"{name} {'int' if name == 'shoe_id' else 'varchar(255)'}" for name in COLUMNS.split(", "))
TABLE = (
    "drop schema if exists first_service cascade",
    "create schema first_service",
    f"create table first_service.shoe_images (id serial primary key, {TYPES})",
    f"insert into first_service.shoe_images ({COLUMNS}) select {COLUMNS} from public.shoe_images",
    "create index shoe_images_shoe_id on first_service.shoe_images (shoe_id)",
    "vacuum (analyze) first_service.shoe_images",
)


def start(sandbox: Sandbox, postgres: Postgres, database: str, redis: Redis) -> tuple[ServerProcess, int]:
    """Fills its table, starts it and waits until it answers; the server and its port."""
    if not (PEERS / "node" / "node_modules" / "pg-promise").is_dir():
        raise LabError("The npm packages of the peers are not installed: run perf/install")
    postgres.execute(database, *TABLE)
    port = free_port()
    env = {
        "PORT": str(port),
        "REDIS_PORT": str(redis.port),
        "REDIS_DATABASE": str(REDIS_DATABASE),
        "POSTGRES_URI": postgres.uri(database),
        "NODE_ENV": "production",
    }
    server = sandbox.start("first-service", ["node", str(PEERS / "node" / "first-service.cjs")], env=env)
    server.await_ready(lambda: answers_200(f"http://127.0.0.1:{port}/api/images?shoe_id=1"))
    return server, port
