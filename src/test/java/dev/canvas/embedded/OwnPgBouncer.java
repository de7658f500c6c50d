package dev.canvas.embedded;

import dev.canvas.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** The installed {@code pgbouncer} in front of a Postgres. */
public final class OwnPgBouncer implements AutoCloseable {

  private final Process process;
  private final int port;

  private OwnPgBouncer(Process process, int port) {
    this.process = process;
    this.port = port;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /**
   * Starts it on a free port.
   *
   * @param postgresUri {@code postgresql://user@host:port/database}, of a server that trusts the
   *     user
   * @param mode {@code session}, {@code transaction} or {@code statement}
   */
  public static OwnPgBouncer start(Path directory, String postgresUri, String mode)
      throws IOException {
    URI server = URI.create(postgresUri);
    int port = FreePorts.one();
    Path users =
        Files.writeString(
            directory.resolve("users"), "\"%s\" \"\"".formatted(server.getUserInfo()));
    Path file =
        Files.write(
            directory.resolve("pgbouncer-" + mode + ".ini"),
            List.of(
                "[databases]",
                "* = host=%s port=%d".formatted(server.getHost(), server.getPort()),
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                "listen_port = " + port,
                "unix_socket_dir =",
                "auth_type = trust",
                "auth_file = " + users,
                "pool_mode = " + mode,
                "ignore_startup_parameters = extra_float_digits"));
    Process process =
        new ProcessBuilder(Program.postgres(program(), file.toString()).line())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("pgbouncer-" + mode + ".log").toFile())
            .start();
    OwnPgBouncer bouncer = new OwnPgBouncer(process, port);
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(bouncer::accepts);
    return bouncer;
  }

  /** A URI of Postgres through this pooler. */
  public String uri(String direct) {
    return direct.replaceFirst("@[^/]+/", "@127.0.0.1:" + port + "/");
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** Debian has it in a directory of administrators. */
  private static Path program() {
    for (String directory : (System.getenv("PATH") + ":/usr/sbin").split(":", -1)) {
      Path program = Path.of(directory, "pgbouncer");
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    throw new IllegalStateException("pgbouncer is not installed");
  }

  private boolean accepts() {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }
}
