package dev.canvas.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {

  @TempDir Path directory;

  /** A shell that has the directory both as its working directory and as an argument. */
  private Process shell(Path served, String script) throws Exception {
    Process process =
        new ProcessBuilder("/bin/sh", "-c", script + "; echo ready; read line", served.toString())
            .directory(served.toFile())
            .start();
    process.getInputStream().read();
    return process;
  }

  private static String program(Process process) {
    return Path.of(process.info().command().orElseThrow()).getFileName().toString();
  }

  @Test
  void findsAProgramByItsDirectory() throws Exception {
    Path served = Files.createDirectory(directory.resolve("served")).toRealPath();
    Path other = Files.createDirectory(directory.resolve("other")).toRealPath();
    Process process = shell(served, "true");
    try {
      ServerProcess expected = new ServerProcess(process.toHandle());
      String program = program(process);
      assertEquals(List.of(expected), ServerProcess.runningIn(served, Set.of(program)));
      assertEquals(List.of(), ServerProcess.runningIn(other, Set.of(program)));
      assertEquals(List.of(), ServerProcess.runningIn(served, Set.of("postgres")));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void stopsWithTheSignal() throws Exception {
    Process process = shell(directory, "trap 'exit 7' USR1");
    assertTrue(new ServerProcess(process.toHandle()).stop("USR1", Duration.ofSeconds(10)));
    assertEquals(7, process.waitFor());
  }

  @Test
  void killsAProcessThatIgnoresTheSignal() throws Exception {
    Process process = shell(directory, "trap '' USR1");
    ServerProcess server = new ServerProcess(process.toHandle());
    assertFalse(server.stop("USR1", Duration.ofMillis(50)));
    assertFalse(server.isAlive());
  }
}
