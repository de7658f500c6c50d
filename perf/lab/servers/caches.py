"""Starts shared caches, each before a service. perf/README.md says what each does and does not do."""

from __future__ import annotations

from lab.harness.paths import PEERS
from lab.harness.processes import Sandbox, ServerProcess, free_port
from lab.servers.peers import Peer, filled, ready, run_nginx

CACHE_NAMES = ("nginx-cache-express", "nginx-cache-canvas", "varnish-canvas")


def service_behind(name: str) -> str:
    """The service that a cache is before: a peer, or canvas."""
    return name.rpartition("-")[2]


def start(sandbox: Sandbox, name: str, service_port: int) -> Peer:
    """Starts a cache and waits until it answers."""
    starter = start_varnish if name.startswith("varnish") else start_nginx_cache
    port = free_port()
    return ready(Peer(name, port, starter(sandbox, name, port, service_port), True))


def start_nginx_cache(sandbox: Sandbox, name: str, port: int, service_port: int) -> ServerProcess:
    """NGINX with proxy_cache."""
    template = PEERS / "nginx-cache" / "nginx.conf"
    return run_nginx(sandbox, name, port, template, {"UPSTREAM": str(service_port)})


def start_varnish(sandbox: Sandbox, name: str, port: int, service_port: int) -> ServerProcess:
    """Varnish with two pools of threads and its cache in memory."""
    home = sandbox.make_folder(name)
    program = home / "media.vcl"
    program.write_text(filled(PEERS / "varnish" / "media.vcl", {"UPSTREAM": str(service_port)}))
    command = [
        "varnishd", "-F", "-j", "none", "-n", str(home / "work"), "-a", f"127.0.0.1:{port}", "-f", str(program),
        "-s", "malloc,256m", "-p", "thread_pools=2", "-p", "thread_pool_min=100",
    ]  # fmt: skip
    return sandbox.start(name, command)
