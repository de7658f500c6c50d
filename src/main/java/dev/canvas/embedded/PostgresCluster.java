package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The Postgres cluster of a data directory that this process holds. It is created completely or not
 * at all, and its orphans are stopped before it is used.
 */
final class PostgresCluster {

  private static final Set<String> PROGRAMS = Set.of("postgres", "initdb");
  private static final String PASSWORD = "canvas_password";
  private static final String ACCESS = "canvas_hba.conf";
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
   * Creates the cluster if it does not exist. A first start that was interrupted leaves only {@code
   * postgres.new} behind, which is deleted.
   */
  void initialise(Path installation, Consumer<String> progress) {
    Path prepared = data.of("postgres.new");
    try {
      ServerProcess.runningIn(prepared, PROGRAMS).forEach(ServerProcess::kill);
      DurableFiles.delete(prepared);
      if (isPresent()) {
        return;
      }
      progress.accept("creating the database (once)");
      Files.createDirectory(prepared);
      ServerLog log = data.log("initdb");
      log.begin();
      if (initdb(installation, prepared).run(prepared, log) != 0) {
        String error = log.lastError();
        DurableFiles.delete(prepared);
        throw EmbeddedServersException.failed(
            "creating the database", directory, advice(error), null);
      }
      Files.deleteIfExists(directory); // An empty directory would make the move fail.
      DurableFiles.publish(prepared, directory);
    } catch (IOException e) {
      throw EmbeddedServersException.failed(
          "creating the database", directory, advice(EmbeddedServersException.reason(e)), e);
    } catch (InterruptedException e) {
      throw EmbeddedServersException.interrupted("creating the database", e);
    }
  }

  /**
   * The password of the superuser. Sets one if the cluster has none, as those of earlier releases;
   * no server may run in it.
   */
  ServerPassword password(Path installation, Consumer<String> progress) {
    Path file = directory.resolve(PASSWORD);
    try {
      if (!Files.exists(file)) {
        progress.accept("setting a password for the database (once)");
        ServerPassword password = ServerPassword.random();
        setPassword(installation, password);
        DurableFiles.writePrivate(file, password.text() + "\n");
      }
      return new ServerPassword(Files.readString(file).strip());
    } catch (IOException e) {
      throw EmbeddedServersException.failed("setting a password for the database", directory, e);
    } catch (InterruptedException e) {
      throw EmbeddedServersException.interrupted("setting a password for the database", e);
    }
  }

  /** By a server without a port (initdb does the same), so that there is no moment without one. */
  private void setPassword(Path installation, ServerPassword password)
      throws IOException, InterruptedException {
    ServerLog log = data.log("password");
    log.begin();
    Program server =
        Program.postgres(
            installation.resolve("bin/postgres"),
            "--single",
            "-D",
            directory.toString(),
            "-c",
            "log_min_error_statement=panic", // Logs no password.
            "postgres");
    String statement = "ALTER ROLE postgres PASSWORD '%s'\n".formatted(password.text());
    if (server.run(directory, log, statement) != 0) {
      throw new IOException(log.lastError());
    }
  }

  /**
   * Has every login need its password, whatever pg_hba.conf of the cluster says. Earlier releases
   * let anybody in, and find that file unchanged.
   *
   * @return the setting of the server, which runs in the directory of the cluster
   */
  String closed() {
    try {
      Files.writeString(
          directory.resolve(ACCESS),
          "# Written by Canvas at each start.\nhost all all 127.0.0.1/32 scram-sha-256\n");
      return "hba_file=" + ACCESS;
    } catch (IOException e) {
      throw EmbeddedServersException.failed("closing the database", directory, e);
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
              + " has files but no PG_VERSION, so the database is incomplete:"
              + " restore a backup, or move the directory away to start with an empty database");
    }
    return true;
  }

  /**
   * Settings that an operator may tune go into postgresql.conf; the others are set at each start.
   */
  private static Program initdb(Path installation, Path target) {
    return Program.postgres(
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

  private static String advice(String error) {
    boolean root = error.contains("unshare") || error.contains("cannot be run as root");
    return root
        ? error + ": Postgres cannot run as root on this machine; start Canvas as another user"
        : error;
  }

  /**
   * Stops a server that still runs because its owner was killed. Also removes the {@code
   * postmaster.pid} that a power failure leaves behind, because Postgres would take any process
   * with that id for a running server.
   */
  void stopOrphans(Consumer<String> progress) {
    for (ServerProcess orphan : ServerProcess.runningIn(directory, PROGRAMS)) {
      progress.accept(
          "stopping a Postgres left over from an earlier run (process %d)".formatted(orphan.pid()));
      orphan.stop("INT", ORPHAN_GRACE);
      if (orphan.isAlive()) {
        throw new EmbeddedServersException(
            "process %d still uses %s and cannot be killed: end it and start again"
                .formatted(orphan.pid(), directory));
      }
    }
    try {
      Files.deleteIfExists(directory.resolve("postmaster.pid"));
    } catch (IOException e) {
      throw EmbeddedServersException.failed("removing an old postmaster.pid", directory, e);
    }
  }

  /** Kills every process that runs in the cluster. */
  void killAll() {
    ServerProcess.runningIn(directory, PROGRAMS).forEach(ServerProcess::kill);
  }

  /** The postmaster that was just started. */
  ServerProcess postmaster() throws IOException {
    try (Stream<String> lines = Files.lines(directory.resolve("postmaster.pid"))) {
      long pid = Long.parseLong(lines.findFirst().orElseThrow().strip());
      return new ServerProcess(ProcessHandle.of(pid).orElseThrow());
    } catch (RuntimeException e) {
      throw new IOException("postmaster.pid does not name a running process", e);
    }
  }
}
