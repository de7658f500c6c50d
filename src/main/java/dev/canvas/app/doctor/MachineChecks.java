package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.server.ServiceStart;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the doctor looks at on this machine. */
public final class MachineChecks {

  private static final long ENOUGH_DESCRIPTORS = 16_384;
  private static final int ENOUGH_BACKLOG = 2_048;
  private static final long ENOUGH_HEAP_MB = 128;
  private static final Path SOMAXCONN = Path.of("/proc/sys/net/core/somaxconn");

  private final Configuration configuration;

  public MachineChecks(Configuration configuration) {
    this.configuration = configuration;
  }

  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("java", System.getProperty("java.vm.name") + " " + Runtime.version()));
    findings.add(heap());
    findings.add(ports());
    findings.add(descriptors(OpenFiles.now()));
    if (Files.isReadable(SOMAXCONN)) {
      findings.add(backlog());
    }
    return findings;
  }

  private static Finding heap() {
    long megabytes = Runtime.getRuntime().maxMemory() >> 20;
    return Finding.unless(
        megabytes >= ENOUGH_HEAP_MB,
        "heap",
        megabytes + " MB at most",
        "give it at least " + ENOUGH_HEAP_MB + " MB: CANVAS_JAVA_OPTS=-Xmx256m");
  }

  private Finding ports() {
    try {
      ServiceStart.checkPorts(configuration);
      return Finding.ok(
          "ports",
          configuration.http().port() + " and " + configuration.management().port() + " are free");
    } catch (StartFailure taken) {
      return Finding.warn("ports", taken.getMessage(), "nothing, if that is Canvas itself");
    }
  }

  private Finding descriptors(OpenFiles files) {
    int wanted = configuration.http().connections();
    return Finding.unless(
        files.most() >= ENOUGH_DESCRIPTORS && files.most() - files.open() > wanted,
        "open files",
        "%d at most, for %d connections"
            .formatted(files.most(), wanted == 0 ? files.connections() : wanted),
        "each connection is one: ulimit -n 50000, or LimitNOFILE=50000 in the systemd unit");
  }

  private static Finding backlog() {
    // Not Files.readString: it reads a first byte alone, and such a file answers one read only.
    try (BufferedReader file = Files.newBufferedReader(SOMAXCONN)) {
      int backlog = Integer.parseInt(file.readLine().strip());
      return Finding.unless(
          backlog >= ENOUGH_BACKLOG,
          "accept backlog",
          "somaxconn is " + backlog,
          "for bursts of connections: sysctl -w net.core.somaxconn=" + ENOUGH_BACKLOG);
    } catch (IOException | NumberFormatException unreadable) {
      return Finding.warn("accept backlog", SOMAXCONN + " cannot be read", "look at it yourself");
    }
  }
}
