package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Postgres whose configuration belongs to the test: TLS, Unix sockets, {@code pg_hba.conf}, a
 * standby. Its superuser {@code postgres} has no password where {@code pg_hba.conf} trusts it.
 * Stops with the JVM at the latest.
 */
public final class OwnPostgres implements AutoCloseable {

  private final Path installation;
  private final Path directory;
  private int port;

  private OwnPostgres(Path installation, Path directory) {
    this.installation = installation;
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** Creates a database cluster; it does not run yet. */
  public static OwnPostgres create(Path binaries, Path directory) throws IOException {
    Files.createDirectories(directory);
    OwnPostgres server = new OwnPostgres(new Binaries(binaries).postgres(line -> {}), directory);
    server.run(
        "initdb", "-D", server.data(), "--username=postgres", "--auth=trust", "--encoding=UTF8");
    server.configure(
        "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", "max_connections = 40");
    return server;
  }

  /** Copies the cluster, which must not run, as a standby that follows nobody. */
  public OwnPostgres standby(Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(data()))) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(directory.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    Files.createFile(copy.resolve("data/standby.signal"));
    return new OwnPostgres(installation, copy);
  }

  /** Adds lines to {@code postgresql.conf}. */
  public void configure(String... lines) throws IOException {
    Files.write(Path.of(data(), "postgresql.conf"), List.of(lines), StandardOpenOption.APPEND);
  }

  /** Replaces {@code pg_hba.conf}. */
  public void allow(String... lines) throws IOException {
    Files.write(Path.of(data(), "pg_hba.conf"), List.of(lines));
  }

  /** Starts the server on a free port; on the same one from the second time on. */
  public OwnPostgres start() {
    LoopbackPort.launch(
        port,
        chosen -> {
          run(
              "pg_ctl",
              "start",
              "--wait",
              "-D",
              data(),
              "-l",
              data() + "/log",
              "-o",
              "-p " + chosen);
          port = chosen;
        });
    return this;
  }

  /** Stops the server in order. */
  public void stop() {
    run("pg_ctl", "stop", "--wait", "-m", "fast", "-D", data());
  }

  /** The port on 127.0.0.1, and of the Unix socket. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    if (Files.exists(Path.of(data(), "postmaster.pid"))) {
      run("pg_ctl", "stop", "--wait", "-m", "immediate", "-D", data());
    }
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private void run(String program, String... arguments) {
    Path output = directory.resolve(program + ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Program.postgres(installation.resolve("bin").resolve(program), arguments).line())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().put("LC_ALL", "C");
      if (builder.start().waitFor() != 0) {
        throw new IllegalStateException(program + ": " + Files.readString(output));
      }
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
