package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The directory of a Postgres cluster, in a data directory that this process holds: it is made
 * whole or not at all, and nothing runs in it that this process did not start.
 */
final class PostgresCluster {

  private static final Set<String> PROGRAMS = Set.of("postgres", "initdb");
  private static final Duration ORPHAN_GRACE = Duration.ofSeconds(10);

  private final DataDirectory data;
  private final Path directory;

  PostgresCluster(DataDirectory data) {
    this.data = data;
    this.directory = data.of("postgres");
  }

  Path directory() {
    return directory;
  }

  /**
   * Makes the cluster when there is none. A first start that was cut short leaves only {@code
   * postgres.new} behind, which is thrown away.
   */
  void initialise(Path installation, Consumer<String> progress) {
    Path prepared = data.of("postgres.new");
    try {
      ServerProcess.runningIn(prepared, PROGRAMS).forEach(ServerProcess::kill);
      DirectoryTree.delete(prepared);
      if (isPresent()) {
        return;
      }
      progress.accept("creating the database (once)");
      Files.createDirectory(prepared);
      ServerLog log = data.log("initdb");
      log.begin();
      if (initdb(installation, prepared).run(prepared, log) != 0) {
        String trouble = log.lastTrouble();
        DirectoryTree.delete(prepared);
        throw EmbeddedServersException.failed(
            "creating the database", directory, advice(trouble), null);
      }
      Files.deleteIfExists(directory); // An empty directory would be in the way of the move.
      DirectoryTree.publish(prepared, directory);
    } catch (IOException e) {
      throw EmbeddedServersException.failed(
          "creating the database", directory, advice(EmbeddedServersException.reason(e)), e);
    } catch (InterruptedException e) {
      throw EmbeddedServersException.interrupted("creating the database", e);
    }
  }

  private boolean isPresent() throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      if (entries.findAny().isEmpty()) {
        return false;
      }
    }
    if (!Files.exists(directory.resolve("PG_VERSION"))) {
      throw new EmbeddedServersException(
          directory
              + " has files but no PG_VERSION, so it is no whole database:"
              + " put back a copy, or move it away to start with an empty one");
    }
    return true;
  }

  /** What an owner may tune is in the cluster's postgresql.conf; the rest is set at each start. */
  private static Command initdb(Path installation, Path target) {
    return Command.postgres(
        installation.resolve("bin/initdb"),
        "-D",
        target.toString(),
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        "--set=max_connections=200",
        "--set=shared_buffers=256MB",
        "--set=timezone=UTC",
        "--set=log_timezone=UTC");
  }

  private static String advice(String trouble) {
    boolean root = trouble.contains("unshare") || trouble.contains("cannot be run as root");
    return root
        ? trouble + ": Postgres does not run as root here, start Canvas as another user"
        : trouble;
  }

  /**
   * Stops a server that was left running when its owner was killed, and removes a {@code
   * postmaster.pid} that tells of none, as after a crash of the machine: Postgres would take
   * whatever process has that id by now for itself.
   */
  void stopOrphans(Consumer<String> progress) {
    for (ServerProcess orphan : ServerProcess.runningIn(directory, PROGRAMS)) {
      progress.accept("stopping a Postgres left over here, process " + orphan.pid());
      orphan.stop("INT", ORPHAN_GRACE);
      if (orphan.isAlive()) {
        throw new EmbeddedServersException(
            "process %d still serves %s and cannot be killed: end it and start again"
                .formatted(orphan.pid(), directory));
      }
    }
    try {
      Files.deleteIfExists(directory.resolve("postmaster.pid"));
    } catch (IOException e) {
      throw EmbeddedServersException.failed("removing an old postmaster.pid", directory, e);
    }
  }

  /** Kills whatever runs here, after a start that failed. */
  void killAll() {
    ServerProcess.runningIn(directory, PROGRAMS).forEach(ServerProcess::kill);
  }

  /** The postmaster that has just been started. */
  ServerProcess postmaster() throws IOException {
    try (Stream<String> lines = Files.lines(directory.resolve("postmaster.pid"))) {
      long pid = Long.parseLong(lines.findFirst().orElseThrow().strip());
      return new ServerProcess(ProcessHandle.of(pid).orElseThrow());
    } catch (RuntimeException e) {
      throw new IOException("postmaster.pid names no process", e);
    }
  }
}
