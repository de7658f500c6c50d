"""What was measured, and on what: for whoever reads the figures later."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from pathlib import Path

from lab.canvas import ROOT, java, java_options
from lab.peers import PEERS
from lab.stores import postgres_program


def description() -> dict[str, object]:
    """The machine, the commit and the version of every part."""
    return {
        "commit": commit(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": first_match(Path("/proc/cpuinfo").read_text(), r"model name\s*: (.*)"),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000,
        "kernel": platform.release(),
        "system": first_match(Path("/etc/os-release").read_text(), r'PRETTY_NAME="(.*)"'),
        "load_average_before": round(os.getloadavg()[0], 2),
        "java_options": java_options(),
        "versions": versions(),
    }


def commit() -> str:
    """The commit of the source tree, with a plus where it holds changes."""
    head = told(["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"])
    changed = told(["git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no"])
    return head + ("+" if changed else "")


def versions() -> dict[str, str]:
    """The version of every part, as it says itself."""
    libraries = {path.name for path in (ROOT / "target" / "lib").glob("vertx-core-[0-9]*.jar")}
    node_packages = json.loads((PEERS / "node" / "package.json").read_text())["dependencies"]
    return {
        "java": first_match(told([java(), "-version"]), r"build (\S+)\)"),
        "vertx": first_match(" ".join(libraries), r"vertx-core-(.*)\.jar"),
        "postgres": first_match(told([postgres_program("postgres"), "--version"]), r"(\d+\.\d+)"),
        "redis": first_match(told(["redis-server", "--version"]), r"v=(\S+)"),
        "nginx": first_match(told(["nginx", "-v"]), r"nginx/(\S+)"),
        "nginx-lua": debian_version("libnginx-mod-http-lua"),
        "node": told(["node", "--version"]).lstrip("v"),
        "wrk": debian_version("wrk"),
        "python": platform.python_version(),
        **node_packages,
    }


def debian_version(package: str) -> str:
    """The version of an installed package of Debian."""
    return told(["dpkg-query", "-W", "-f", "${Version}", package]) or "unknown"


def first_match(text: str, pattern: str) -> str:
    """The first group of a pattern in a text."""
    found = re.search(pattern, text)
    return found[1].strip() if found else "unknown"


def told(command: list[str]) -> str:
    """What a command says, on either stream; nothing where it is not there."""
    try:
        ended = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        return ""
    return (ended.stdout + ended.stderr).strip()
