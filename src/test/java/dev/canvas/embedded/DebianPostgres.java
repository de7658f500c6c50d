package dev.canvas.embedded;

import dev.canvas.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A Postgres of Debian's packages, which have the programs for backups that the jars lack. It is
 * operated by shell commands, whose environment names its directories and ports. Its database is
 * {@code canvas}, its superuser {@code postgres} has no password. Stops with the JVM at the latest.
 */
public final class DebianPostgres implements AutoCloseable {

  private static final Path INSTALLATIONS = Path.of("/usr/lib/postgresql");

  private final Path directory;
  private final int port = FreePorts.one();
  private final int standbyPort = FreePorts.one();
  private int scripts;

  private DebianPostgres(Path directory) {
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** Creates a cluster, starts it and creates the database. */
  public static DebianPostgres start(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("backup/wal"));
    DebianPostgres server = new DebianPostgres(directory);
    server.run("initdb --pgdata \"$PGDATA\" --username=postgres --auth=trust --encoding=UTF8");
    Files.write(
        Path.of(server.environment().get("PGDATA"), "postgresql.conf"),
        List.of(
            "listen_addresses = '127.0.0.1'",
            "port = " + server.port,
            "unix_socket_directories = ''",
            "wal_level = replica",
            "archive_mode = on",
            "archive_command = 'test ! -f %1$s/%%f && cp %%p %1$s/%%f'"
                .formatted(directory.resolve("backup/wal"))),
        StandardOpenOption.APPEND);
    server.run("pg_ctl start --pgdata \"$PGDATA\" --log \"$PGDATA.log\" --wait");
    server.run("createdb canvas");
    return server;
  }

  /** The URI of its database. */
  public String uri() {
    return "postgresql://postgres@127.0.0.1:" + port + "/canvas";
  }

  /** The URI of its database on whichever of the two servers is the primary. */
  public String uriOfBoth() {
    return "postgresql://postgres@127.0.0.1:%d,127.0.0.1:%d/canvas?target_session_attrs=read-write"
        .formatted(port, standbyPort);
  }

  /**
   * Runs shell commands and returns their output; fails if one of them does.
   *
   * @param variables names and values
   */
  public String run(String commands, String... variables) {
    Path output = directory.resolve("output-" + ++scripts);
    ProcessBuilder builder =
        new ProcessBuilder(
                Program.postgres(Path.of("/bin/bash"), "-euo", "pipefail", "-c", commands).line())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment());
    for (int i = 0; i < variables.length; i += 2) {
      builder.environment().put(variables[i], variables[i + 1]);
    }
    try {
      int failed = builder.start().waitFor();
      String text = Files.readString(output);
      if (failed != 0) {
        throw new IllegalStateException(commands + "\n" + text);
      }
      return text.strip();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Runs a query on the primary and returns its result. */
  public String query(String sql) {
    return run("psql --dbname canvas --no-align --tuples-only --command \"$SQL\"", "SQL", sql);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", programs() + ":" + System.getenv("PATH"));
    environment.put("LC_ALL", "C");
    environment.put("PGHOST", "127.0.0.1");
    environment.put("PGPORT", Integer.toString(port));
    environment.put("PGUSER", "postgres");
    environment.put("PGDATA", directory.resolve("data").toString());
    environment.put("BACKUP", directory.resolve("backup").toString());
    environment.put("STANDBY", directory.resolve("standby").toString());
    environment.put("STANDBY_PORT", Integer.toString(standbyPort));
    return environment;
  }

  @Override
  public void close() {
    run(
        """
        for data in "$PGDATA" "$STANDBY"; do
          if [ -f "$data/postmaster.pid" ]; then pg_ctl stop --pgdata "$data" --mode immediate || true; fi
        done\
        """);
  }

  private static Path programs() {
    try (Stream<Path> versions = Files.list(INSTALLATIONS)) {
      return versions.max(Comparator.comparing(Path::toString)).orElseThrow().resolve("bin");
    } catch (IOException missing) {
      throw new IllegalStateException("Debian's postgresql is not installed", missing);
    }
  }
}
