"""Describes the machine and the versions of all software, so that results can be compared later."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from pathlib import Path

from lab.harness.paths import PEERS, ROOT
from lab.servers.canvas import LIBRARIES, java, java_options
from lab.servers.postgres import postgres_program


def description() -> dict[str, object]:
    """The machine, the commit, and the versions of all software."""
    return {
        "commit": commit(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": first_group(Path("/proc/cpuinfo").read_text(), r"model name\s*: (.*)"),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000,
        "kernel": platform.release(),
        "system": first_group(Path("/etc/os-release").read_text(), r'PRETTY_NAME="(.*)"'),
        "load_average_before": round(os.getloadavg()[0], 2),
        "java_options": java_options(),
        "versions": versions(),
    }


def commit() -> str:
    """The commit of the source tree, followed by + if the tree has uncommitted changes."""
    head = text_of(["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"])
    changes = text_of(["git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no"])
    return head + ("+" if changes else "")


def versions() -> dict[str, str]:
    """The version of each program, as the program itself reports it."""
    libraries = " ".join(path.name for path in LIBRARIES.glob("vertx-core-[0-9]*.jar"))
    node_packages = json.loads((PEERS / "node" / "package.json").read_text())["dependencies"]
    spring = (PEERS / "spring" / "pom.xml").read_text()
    return {
        "java": first_group(text_of([java(), "-version"]), r"build (\S+)\)"),
        "vertx": first_group(libraries, r"vertx-core-(.*)\.jar"),
        "postgres": first_group(text_of([postgres_program("postgres"), "--version"]), r"(\d+\.\d+)"),
        "redis": first_group(text_of(["redis-server", "--version"]), r"v=(\S+)"),
        "nginx": first_group(text_of(["nginx", "-v"]), r"nginx/(\S+)"),
        "nginx-lua": debian_version("libnginx-mod-http-lua"),
        "varnish": debian_version("varnish"),
        "spring-boot": first_group(spring, r"starter-parent</artifactId>\s*<version>(.*)<"),
        "node": text_of(["node", "--version"]).lstrip("v"),
        "wrk": debian_version("wrk"),
        "python": platform.python_version(),
        **{f"{name} (npm)": version for name, version in node_packages.items()},
    }


def debian_version(package: str) -> str:
    """The version of an installed Debian package."""
    return text_of(["dpkg-query", "-W", "-f", "${Version}", package]) or "unknown"


def first_group(text: str, pattern: str) -> str:
    """What the first group of a pattern matches in a text."""
    found = re.search(pattern, text)
    return found[1].strip() if found else "unknown"


def text_of(command: list[str]) -> str:
    """What a command prints, on either stream; empty if it is not installed. Its failure is ignored."""
    try:
        ended = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        return ""
    return (ended.stdout + ended.stderr).strip()
