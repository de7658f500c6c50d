"""async-profiler, from Maven Central, in a JVM that runs."""

from __future__ import annotations

import platform
import zipfile
from pathlib import Path

from lab.harness.errors import LabError
from lab.harness.paths import ROOT
from lab.harness.programs import output_of
from lab.servers.canvas import java

VERSION = "4.0"
FOLDER = ROOT / "target" / "async-profiler"
PLATFORMS = {"x86_64": "linux-x64", "aarch64": "linux-arm64"}

# With these, a sample names the line that ran, also between the JVM's safepoints.
JVM_OPTIONS = "-XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints"


def library() -> Path:
    """The profiler's library; downloaded if it is not there."""
    found = FOLDER / f"libasyncProfiler-{VERSION}.so"
    if not found.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        artifact = f"tools.profiler:async-profiler:{VERSION}"
        output_of(["mvn", "-B", "-q", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={FOLDER}"],
                  cwd=FOLDER)  # fmt: skip
        with zipfile.ZipFile(FOLDER / f"async-profiler-{VERSION}.jar") as jar:
            found.write_bytes(jar.read(f"{PLATFORMS[platform.machine()]}/libasyncProfiler.so"))
    return found


class Profiler:
    """Profiles one JVM."""

    def __init__(self, pid: int) -> None:
        self._pid, self._library = pid, library()

    def start(self, event: str) -> None:
        """Starts to take samples: of cpu, of alloc (bytes), or of lock (waiting)."""
        self._command(f"start,event={event}")

    def stop(self, page: Path, title: str) -> None:
        """Stops, and writes a flame graph as a page of its own."""
        self._command(f"stop,flamegraph,title={title},file={page}")
        if not page.exists():
            raise LabError(f"The profiler has written no {page}")

    def _command(self, text: str) -> None:
        jcmd = str(Path(java()).with_name("jcmd")) if "/" in java() else "jcmd"
        answer = output_of([jcmd, str(self._pid), "JVMTI.agent_load", str(self._library), f'"{text}"'])
        if "return code: 0" not in answer:
            raise LabError(f"The profiler refuses '{text}': {answer.strip()}")
