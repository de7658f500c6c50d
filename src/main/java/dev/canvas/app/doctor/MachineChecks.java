package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks the JVM, the ports and the limits of this machine. */
final class MachineChecks {

  private static final long RECOMMENDED_OPEN_FILES = 16_384;
  private static final int RECOMMENDED_BACKLOG = 2_048;
  private static final long RECOMMENDED_HEAP_MB = 128;
  private static final Path SOMAXCONN = Path.of("/proc/sys/net/core/somaxconn");

  private final Configuration configuration;
  private final Optional<RunningCanvas> running;

  MachineChecks(Configuration configuration, Optional<RunningCanvas> running) {
    this.configuration = configuration;
    this.running = running;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("java", System.getProperty("java.vm.name") + " " + Runtime.version()));
    findings.add(heap());
    findings.add(TemporaryFiles.finding());
    findings.add(StartChecks.ports(configuration, running));
    findings.add(openFiles(OpenFiles.now()));
    if (Files.isReadable(SOMAXCONN)) {
      findings.add(backlog());
    }
    return findings;
  }

  private static Finding heap() {
    long megabytes = Runtime.getRuntime().maxMemory() >> 20;
    return Finding.warnUnless(
        megabytes >= RECOMMENDED_HEAP_MB,
        "heap",
        "at most " + megabytes + " MB",
        "allow at least " + RECOMMENDED_HEAP_MB + " MB: CANVAS_JAVA_OPTS=-Xmx256m");
  }

  private Finding openFiles(OpenFiles files) {
    int configured = configuration.http().connections().max();
    return Finding.warnUnless(
        files.limit() >= RECOMMENDED_OPEN_FILES && files.limit() - files.open() > configured,
        "open files",
        "the limit is %d, for %d connections"
            .formatted(files.limit(), configured == 0 ? files.connectionLimit() : configured),
        "each connection needs one: ulimit -n 50000, or LimitNOFILE=50000 in the systemd unit");
  }

  private static Finding backlog() {
    // Not Files.readString, which reads the first byte alone: this file answers one read only.
    try (BufferedReader file = Files.newBufferedReader(SOMAXCONN)) {
      int backlog = Integer.parseInt(file.readLine().strip());
      return Finding.warnUnless(
          backlog >= RECOMMENDED_BACKLOG,
          "accept backlog",
          "net.core.somaxconn is " + backlog,
          "bursts of connections need more: sysctl -w net.core.somaxconn=" + RECOMMENDED_BACKLOG);
    } catch (IOException | NumberFormatException unreadable) {
      return Finding.warn(
          "accept backlog",
          SOMAXCONN + " cannot be read",
          "check that it is at least " + RECOMMENDED_BACKLOG);
    }
  }
}
