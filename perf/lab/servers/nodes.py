"""Several nodes of Canvas on one event bus, and NGINX in front of them with Canvas's own configuration, conf/nginx."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from lab.harness.paths import ROOT
from lab.harness.processes import Sandbox, ServerProcess, answers_200, free_port_row, unprivileged_user
from lab.harness.programs import output_of
from lab.servers.canvas import Canvas

ALL_ROLES = "http,data,seed,relay"
LOOPBACK = "127.0.0.1"

# NGINX allows one address 256 connections. The load generator's address stands for those of thousands of clients.
CONNECTION_LIMIT = "limit_conn canvas_clients 256;"
ACCESS_LOG = "/var/log/nginx/canvas.log"


class Nodes:
    """A cluster over one Postgres database and one Redis database, behind NGINX."""

    def __init__(
        self,
        sandbox: Sandbox,
        name: str,
        postgres_uri: str,
        redis_uri: str,
        roles: Sequence[str],
        *,
        near_cache: bool,
        long_timeouts: bool,
    ) -> None:
        """
        Starts one node for each entry of roles, and waits until they are ready; those that serve HTTP are behind NGINX.

        name: for the logs and folders. near_cache, long_timeouts: see Canvas.
        """
        # The event bus takes the port after that of the membership.
        ports = [free_port_row(2) for _ in roles]
        members = ",".join(f"{LOOPBACK}:{port}" for port in ports)
        self.nodes = [
            Canvas(
                sandbox,
                f"{name}-node{number}",
                postgres_uri,
                redis_uri,
                near_cache=near_cache,
                long_timeouts=long_timeouts,
                settings={
                    "CANVAS_ROLES": roles[number],
                    "CANVAS_CLUSTER_ENABLED": "true",
                    "CANVAS_CLUSTER_PORT": str(port),
                    "CANVAS_CLUSTER_MEMBERS": members,
                    "CANVAS_HTTP_TRUSTED_PROXIES": LOOPBACK,
                    "CANVAS_HTTP_DRAIN_DELAY": "3s",
                },
            )
            for number, port in enumerate(ports)
        ]
        for node in self.nodes:
            node.await_ready()
        serving = [node for node, role in zip(self.nodes, roles, strict=True) if "http" in role.split(",")]
        # adapt-nginx.py takes the third port after it, too.
        self.port = free_port_row(4)
        self.proxy = start_nginx(sandbox, name, self.port, [node.port for node in serving])

    def processes(self) -> list[int]:
        """The process IDs of the nodes and of NGINX."""
        return [*(node.pid for node in self.nodes), self.proxy.pid]

    def stop(self) -> None:
        """Stops NGINX and the nodes."""
        self.proxy.stop()
        for node in self.nodes:
            node.server.stop()


def start_nginx(sandbox: Sandbox, name: str, port: int, nodes: Sequence[int]) -> ServerProcess:
    """Starts NGINX with conf/nginx, adapted as conf/cluster/demo adapts it: other addresses, no TLS."""
    home = sandbox.directory / f"{name}-nginx"
    shutil.copytree(ROOT / "conf" / "nginx", home)
    site, canvas = home / "several-machines.conf", home / "canvas"
    adapt = str(ROOT / "conf" / "cluster" / "adapt-nginx.py")
    output_of(["python3", adapt, str(site), str(port), *(f"{LOOPBACK}:{node}" for node in nodes)])
    for file in canvas.glob("*.conf"):
        text = file.read_text().replace(ACCESS_LOG, str(home / "access.log"))
        text = text.replace(CONNECTION_LIMIT, CONNECTION_LIMIT.replace("256", "20000"))
        if unprivileged_user("www-data") is None:
            text = text.replace("user www-data;", "")
        file.write_text(text)
    command = ["nginx", "-p", str(home), "-c", site.name, "-e", "stderr", "-g", f"daemon off; pid {home}/nginx.pid;"]
    server = sandbox.start(f"{name}-nginx-log", command)
    server.await_ready(lambda: answers_200(f"http://{LOOPBACK}:{port}/api/products/1/media"))
    return server
