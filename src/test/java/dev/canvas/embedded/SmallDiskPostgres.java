package dev.canvas.embedded;

import dev.canvas.testing.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A Postgres whose data and whose write-ahead log have a small disk each, which a test fills. The
 * disks are file systems in a namespace: no other process sees them, they need no root, and they
 * end with this JVM at the latest, together with all that runs on them. The superuser {@code
 * postgres} has no password.
 */
public final class SmallDiskPostgres implements AutoCloseable {

  /** What has a disk of its own. */
  public enum Disk {
    DATA,
    WAL;

    private String directory() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Runs the scripts that it reads the names of, and answers with their exit codes. */
  private static final String NAMESPACE =
      """
      mount -t tmpfs -o size=64m tmpfs data
      mount -t tmpfs -o size=96m tmpfs wal
      ulimit -c 0
      while read -r script; do
        code=0
        sh -eu "$script" >"$script.out" 2>&1 </dev/null || code=$?
        echo "$code"
      done\
      """;

  /** As Postgres does not run as root, which a user is here: it runs as nobody. */
  private static final String AS_NOBODY = "unshare --user \"$PROGRAMS\"/";

  /** Nothing but commits of clients writes to the log. */
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          "unix_socket_directories=",
          "max_connections=40",
          "shared_buffers=32MB",
          "autovacuum=off",
          "wal_level=minimal",
          "max_wal_senders=0",
          "wal_writer_delay=10s");

  private final Path directory;
  private final int port = FreePorts.one();
  private final Process namespace;
  private final OutputStream scripts;
  private final BufferedReader codes;
  private int scriptCount;

  private SmallDiskPostgres(Path directory, Path programs) throws IOException {
    this.directory = directory;
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    "unshare",
                    "--map-root-user",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "sh",
                    "-euc",
                    NAMESPACE))
            .directory(directory.toFile())
            .redirectError(directory.resolve("namespace.log").toFile());
    builder.environment().put("PROGRAMS", programs.toString());
    builder.environment().put("LC_ALL", "C");
    namespace = builder.start();
    scripts = namespace.getOutputStream();
    codes =
        new BufferedReader(
            new InputStreamReader(namespace.getInputStream(), StandardCharsets.US_ASCII));
  }

  /**
   * Creates a database cluster and starts it.
   *
   * @param binaries where the programs are unpacked
   * @param directory an empty one
   */
  public static SmallDiskPostgres start(Path binaries, Path directory) throws IOException {
    for (Disk disk : Disk.values()) {
      Files.createDirectory(directory.resolve(disk.directory()));
    }
    SmallDiskPostgres server =
        new SmallDiskPostgres(
            directory, new Binaries(binaries).postgres(line -> {}).resolve("bin"));
    try {
      server.require(
          AS_NOBODY
              + "initdb -D data/cluster --waldir=\"$PWD/wal/segments\" --username=postgres"
              + " --auth=trust --encoding=UTF8 --no-sync --no-data-checksums");
      server.start();
      return server;
    } catch (RuntimeException | Error failure) {
      server.close();
      throw failure;
    }
  }

  /** The URI of its database {@code postgres}. */
  public String uri() {
    return "postgresql://postgres@127.0.0.1:" + port + "/postgres";
  }

  /** Starts it, on the same port each time. */
  public void start() {
    require(
        AS_NOBODY
            + "pg_ctl start --wait -D data/cluster -l \"$PWD/postgres.log\" -o '-p %d -c %s'"
                .formatted(port, String.join(" -c ", SETTINGS)));
  }

  /** Whether it runs. */
  public boolean isRunning() {
    return run(AS_NOBODY + "pg_ctl status -D data/cluster") == 0;
  }

  /** Fills a disk to the last byte. */
  public void fill(Disk disk) {
    run("cat /dev/zero >%s/ballast".formatted(disk.directory()));
  }

  /** Frees what {@link #fill} has taken. */
  public void free() {
    require("rm -f data/ballast wal/ballast");
  }

  /** Ends it with its disks. */
  @Override
  public void close() {
    try {
      scripts.close();
      namespace.waitFor();
    } catch (IOException ended) {
      namespace.destroyForcibly();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private void require(String script) {
    if (run(script) != 0) {
      throw new IllegalStateException(script + "\n" + text("script-" + scriptCount + ".out"));
    }
  }

  private synchronized int run(String script) {
    try {
      Path file = Files.writeString(directory.resolve("script-" + ++scriptCount), script);
      scripts.write((file + "\n").getBytes(StandardCharsets.UTF_8));
      scripts.flush();
      String code = codes.readLine();
      if (code != null) {
        return Integer.parseInt(code);
      }
    } catch (IOException ended) {
      // Told below.
    }
    throw new IllegalStateException(
        "There is no namespace with file systems of its own: " + text("namespace.log"));
  }

  private String text(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException missing) {
      return missing.toString();
    }
  }
}
