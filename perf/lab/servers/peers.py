"""Starts what Canvas is compared with. perf/README.md says what each peer does and does not do."""

from __future__ import annotations

import http.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.harness.errors import LabError
from lab.harness.paths import PEERS
from lab.harness.processes import Sandbox, ServerProcess, answers_200, free_port, unprivileged_user
from lab.harness.programs import output_of
from lab.servers import spring
from lab.servers.canvas import LIBRARIES, java

NGINX_MODULES = Path("/usr/lib/nginx/modules")

# Headers about the server or the connection, not about the document; they may differ.
IGNORED_HEADERS = {"date", "server", "connection", "keep-alive"}


@dataclass(frozen=True)
class PeerInput:
    """What the peers need to answer as Canvas does: one product's document, and where the others are."""

    body: bytes
    version: str
    redis_port: int
    key_prefix: str
    postgres_uri: str


@dataclass(frozen=True)
class Peer:
    """A running peer."""

    name: str
    port: int
    server: ServerProcess
    has_all: bool
    """Whether it answers every product, instead of one document for all."""


@dataclass(frozen=True)
class Response:
    """Status, header names and body of a response."""

    status: int
    headers: frozenset[str]
    body: bytes


PEER_NAMES = ("vertx-constant", "nginx-constant", "nginx-lua-redis", "fastify", "express", "spring")
CONSTANT = ("vertx-constant", "nginx-constant")

# How long a peer may take to start, on a machine that builds images beside it.
START_SECONDS = 120


def start(sandbox: Sandbox, name: str, given: PeerInput) -> Peer:
    """Starts a peer and waits until it answers."""
    port = free_port()
    starters = {
        "vertx-constant": start_vertx,
        "nginx-constant": start_nginx,
        "nginx-lua-redis": start_nginx,
        "fastify": start_node,
        "express": start_node,
        "spring": start_spring_over_canvas,
    }
    server = starters[name](sandbox, name, port, given)
    return ready(Peer(name, port, server, name not in CONSTANT))


def ready(peer: Peer) -> Peer:
    """The peer, once it answers."""
    peer.server.await_ready(lambda: answers_200(f"http://127.0.0.1:{peer.port}/api/products/1/media"), START_SECONDS)
    return peer


def start_vertx(sandbox: Sandbox, name: str, port: int, given: PeerInput) -> ServerProcess:
    """Compiles the peer against Canvas's libraries and runs it on the same Java."""
    classes = sandbox.make_folder(name)
    body = classes / "body.json"
    body.write_bytes(given.body)
    libraries = f"{LIBRARIES}/*"
    javac = java() + "c"
    output_of([javac, "-cp", libraries, "-d", str(classes), str(PEERS / name / "Constant.java")])
    command = [java(), "-cp", f"{classes}:{libraries}", "Constant", str(port), str(body), given.version]
    return sandbox.start(name, command)


def start_nginx(sandbox: Sandbox, name: str, port: int, given: PeerInput) -> ServerProcess:
    """Fills in the peer's configuration and starts NGINX with it."""
    text = given.body.decode()
    if "'" in text or "$" in text or "\\" in text:
        raise LabError("The document of product 1 contains a character that NGINX's configuration would interpret")
    values = {
        "MODULES": str(NGINX_MODULES),
        "REDIS_PORT": str(given.redis_port),
        "KEY_PREFIX": given.key_prefix,
        "VERSION": given.version,
        "BODY": text,
    }
    return run_nginx(sandbox, name, port, PEERS / name / "nginx.conf", values)


def run_nginx(sandbox: Sandbox, name: str, port: int, template: Path, values: Mapping[str, str]) -> ServerProcess:
    """Starts NGINX with a template whose placeholders have these values."""
    user = unprivileged_user("www-data")
    home = sandbox.make_folder(name, user)
    everyones = {"USER": f"user {user};" if user else "", "PORT": str(port)}
    (home / "nginx.conf").write_text(filled(template, {**everyones, **values}))
    command = ["nginx", "-p", str(home), "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"]
    return sandbox.start(name, command)


def filled(template: Path, values: Mapping[str, str]) -> str:
    """The text of a template, with each @PLACEHOLDER@ replaced."""
    text = template.read_text()
    for placeholder, value in values.items():
        text = text.replace(f"@{placeholder}@", value)
    return text


def start_spring_over_canvas(sandbox: Sandbox, name: str, port: int, given: PeerInput) -> ServerProcess:
    """Starts the Spring peer over Canvas's own table, which it only reads."""
    return spring.start(sandbox, name, port, given.postgres_uri, "product_media", given.redis_port)


def start_node(sandbox: Sandbox, name: str, port: int, given: PeerInput) -> ServerProcess:
    """Starts a peer that runs on Node."""
    if not (PEERS / "node" / "node_modules").is_dir():
        raise LabError("The npm packages of the peers are not installed: run perf/install")
    script = next((PEERS / "node").glob(f"{name}.*js"))
    env = {
        "PORT": str(port),
        "REDIS_PORT": str(given.redis_port),
        "KEY_PREFIX": given.key_prefix,
        "NODE_ENV": "production",
    }
    return sandbox.start(name, ["node", str(script)], env=env)


def get(port: int, product: int) -> Response:
    """Reads one product."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", f"/api/products/{product}/media")
        response = connection.getresponse()
        names = frozenset(name.lower() for name, _ in response.getheaders()) - IGNORED_HEADERS
        return Response(response.status, names, response.read())
    finally:
        connection.close()


def differences(canvas_port: int, peer: Peer, products: Sequence[int]) -> list[str]:
    """How a peer's responses differ from Canvas's. A constant peer is compared with the first product's body."""
    found = []
    for product in products:
        expected, actual = get(canvas_port, product), get(peer.port, product)
        where = f"{peer.name}, product {product}"
        if actual.status != expected.status:
            found.append(f"{where}: status {actual.status} instead of {expected.status}")
        if actual.headers != expected.headers:
            names = ", ".join(sorted(actual.headers ^ expected.headers))
            found.append(f"{where}: headers that only one of the two sends: {names}")
        if (peer.has_all or product == products[0]) and actual.body != expected.body:
            found.append(f"{where}: the body differs")
    return found
