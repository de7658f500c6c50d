"""What Canvas is measured beside; see perf/README.md for what each of them does and does not do."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.canvas import LIBRARIES, java
from lab.processes import LabError, Server, Workshop, answers_200, free_port, output_of, unprivileged_user

PEERS = Path(__file__).resolve().parents[1] / "peers"
NGINX_MODULES = Path("/usr/lib/nginx/modules")

# What a server says of itself or of the connection, not of the document; each has its own.
OWN_HEADERS = {"date", "server", "connection", "keep-alive"}


@dataclass(frozen=True)
class Sample:
    """What the peers have to answer with, and where they find it."""

    body: bytes
    version: str
    redis_port: int
    key_prefix: str


@dataclass(frozen=True)
class Peer:
    """A peer that is running."""

    name: str
    port: int
    server: Server
    reads_redis: bool


@dataclass(frozen=True)
class Answer:
    """Status, names of headers and body of one answer."""

    status: int
    headers: frozenset[str]
    body: bytes


NAMES = ("vertx-constant", "nginx-constant", "nginx-lua-redis", "fastify", "express")
READING_REDIS = ("nginx-lua-redis", "fastify", "express")


def start(workshop: Workshop, name: str, sample: Sample) -> Peer:
    """Starts a peer and waits until it answers."""
    port = free_port()
    starters = {
        "vertx-constant": start_vertx,
        "nginx-constant": start_nginx,
        "nginx-lua-redis": start_nginx,
        "fastify": start_node,
        "express": start_node,
    }
    server = starters[name](workshop, name, port, sample)
    server.await_ready(lambda: answers_200(f"http://127.0.0.1:{port}/api/products/1/media"))
    return Peer(name, port, server, name in READING_REDIS)


def start_vertx(workshop: Workshop, name: str, port: int, sample: Sample) -> Server:
    """Compiles the peer against Canvas's libraries and starts it on the same Java."""
    classes = workshop.folder(name)
    body = classes / "body.json"
    body.write_bytes(sample.body)
    libraries = f"{LIBRARIES}/*"
    javac = java() + "c"
    output_of([javac, "-cp", libraries, "-d", str(classes), str(PEERS / name / "Constant.java")])
    command = [java(), "-cp", f"{classes}:{libraries}", "Constant", str(port), str(body), sample.version]
    return workshop.start(name, command)


def start_nginx(workshop: Workshop, name: str, port: int, sample: Sample) -> Server:
    """Fills in the peer's configuration and starts NGINX with it."""
    user = unprivileged_user("www-data")
    text = sample.body.decode()
    if "'" in text or "$" in text or "\\" in text:
        raise LabError("The sample's body has a character that NGINX's configuration would change")
    words = {
        "USER": f"user {user};" if user else "",
        "PORT": str(port),
        "MODULES": str(NGINX_MODULES),
        "REDIS_PORT": str(sample.redis_port),
        "KEY_PREFIX": sample.key_prefix,
        "VERSION": sample.version,
        "BODY": text,
    }
    configuration = (PEERS / name / "nginx.conf").read_text()
    for word, value in words.items():
        configuration = configuration.replace(f"@{word}@", value)
    home = workshop.folder(name, user)
    (home / "nginx.conf").write_text(configuration)
    command = ["nginx", "-p", str(home), "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"]
    return workshop.start(name, command)


def start_node(workshop: Workshop, name: str, port: int, sample: Sample) -> Server:
    """Starts a peer of Node."""
    if not (PEERS / "node" / "node_modules").is_dir():
        raise LabError("The npm packages of the peers are not there: run perf/install")
    script = next((PEERS / "node").glob(f"{name}.*js"))
    env = {
        "PORT": str(port),
        "REDIS_PORT": str(sample.redis_port),
        "KEY_PREFIX": sample.key_prefix,
        "NODE_ENV": "production",
    }
    return workshop.start(name, ["node", str(script)], env=env)


def ask(port: int, product: int) -> Answer:
    """Reads one product."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", f"/api/products/{product}/media")
        response = connection.getresponse()
        names = frozenset(name.lower() for name, _ in response.getheaders()) - OWN_HEADERS
        return Answer(response.status, names, response.read())
    finally:
        connection.close()


def differences(canvas_port: int, peer: Peer, products: Sequence[int]) -> list[str]:
    """Where a peer answers otherwise than Canvas. One that is constant has the first product's body only."""
    found = []
    for product in products:
        ours = ask(canvas_port, product)
        theirs = ask(peer.port, product)
        if theirs.status != ours.status:
            found.append(f"{peer.name}, product {product}: status {theirs.status}, not {ours.status}")
        if theirs.headers != ours.headers:
            odd = ", ".join(sorted(theirs.headers ^ ours.headers))
            found.append(f"{peer.name}, product {product}: headers only one side has: {odd}")
        if (peer.reads_redis or product == products[0]) and theirs.body != ours.body:
            found.append(f"{peer.name}, product {product}: another body")
    return found
