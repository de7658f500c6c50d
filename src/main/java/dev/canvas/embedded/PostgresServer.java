package dev.canvas.embedded;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A real Postgres 18 on 127.0.0.1, with a database {@code canvas} and a superuser {@code postgres}
 * without a password. What it acknowledged is on disk. Its data are in {@code postgres} of the data
 * directory, its log in {@code logs/postgres.log}. Thread-safe; all methods block.
 */
public final class PostgresServer implements AutoCloseable {

  private final ServerLifecycle lifecycle;

  private PostgresServer(ServerLifecycle lifecycle) {
    this.lifecycle = lifecycle;
  }

  /**
   * Starts a Postgres alone; {@link EmbeddedServers} starts both servers. Makes the directory and
   * the database when they are absent.
   *
   * @param dataDirectory taken by this process until {@link #close()}
   * @param binaries where the programs are unpacked, once; may be shared
   * @param port 1 to 65535, or 0 for a free one
   * @param progress gets short lines for a terminal
   * @throws EmbeddedServersException when it cannot start; nothing is left running
   */
  public static PostgresServer start(
      Path dataDirectory, Path binaries, int port, Consumer<String> progress) {
    DataDirectory data = DataDirectory.claim(dataDirectory);
    try {
      return start(data, new Binaries(binaries), port, data::close, progress);
    } catch (RuntimeException | Error e) {
      data.close();
      throw e;
    }
  }

  /** Starts it in a data directory; closing the server runs {@code afterClose}. */
  static PostgresServer start(
      DataDirectory data,
      Binaries binaries,
      int port,
      Runnable afterClose,
      Consumer<String> progress) {
    Path installation = binaries.postgres(progress);
    PostgresCluster cluster = new PostgresCluster(data);
    cluster.initialise(installation, progress);
    PostgresKind kind = new PostgresKind(data, cluster, installation);
    return new PostgresServer(ServerLifecycle.start(kind, port, afterClose, progress));
  }

  /** {@code postgresql://postgres@127.0.0.1:PORT/canvas}. */
  public String uri() {
    return "postgresql://postgres@127.0.0.1:" + port() + "/canvas";
  }

  /** The TCP port on 127.0.0.1; the same after {@link #restart()}. */
  public int port() {
    return lifecycle.port();
  }

  /**
   * The process id of the postmaster, whose children are the other processes of the server; another
   * one after {@link #restart()}.
   */
  public long pid() {
    return lifecycle.pid();
  }

  /** Whether the postmaster runs. */
  public boolean isRunning() {
    return lifecycle.isRunning();
  }

  /** SIGKILL for the postmaster and all of its children, as in a crash; gone on return. */
  public void kill() {
    lifecycle.kill();
  }

  /**
   * Stops it when it runs and starts it again on the same directory and port, also after {@link
   * #kill()}.
   *
   * @throws EmbeddedServersException when it cannot start
   * @throws IllegalStateException after {@link #close()}
   */
  public void restart() {
    lifecycle.restart();
  }

  /**
   * Stops it within 3 s: a fast shutdown, and SIGKILL after 2.5 s, from which the next start
   * recovers. Does nothing the second time.
   */
  @Override
  public void close() {
    lifecycle.close();
  }
}
