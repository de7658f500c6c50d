package dev.canvas.embedded;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A real Redis 7 on 127.0.0.1, for a cache: it keeps nothing on disk, and forgets the least
 * recently used when 256 MB are full. Its process id is in {@code redis/redis.pid} of the data
 * directory, its log in {@code logs/redis.log}. Thread-safe; all methods block.
 */
public final class RedisServer implements AutoCloseable {

  private final ServerLifecycle lifecycle;

  private RedisServer(ServerLifecycle lifecycle) {
    this.lifecycle = lifecycle;
  }

  /**
   * Starts a Redis alone; {@link EmbeddedServers} starts both servers.
   *
   * @param dataDirectory taken by this process until {@link #close()}
   * @param binaries where the program is unpacked, once; may be shared
   * @param port 1 to 65535, or 0 for a free one
   * @param progress gets short lines for a terminal
   * @throws EmbeddedServersException when it cannot start; nothing is left running
   */
  public static RedisServer start(
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
  static RedisServer start(
      DataDirectory data,
      Binaries binaries,
      int port,
      Runnable afterClose,
      Consumer<String> progress) {
    RedisKind kind = new RedisKind(data, binaries.redis(progress));
    return new RedisServer(ServerLifecycle.start(kind, port, afterClose, progress));
  }

  /** {@code redis://127.0.0.1:PORT}. */
  public String uri() {
    return "redis://127.0.0.1:" + port();
  }

  /** The TCP port on 127.0.0.1; the same after {@link #restart()}. */
  public int port() {
    return lifecycle.port();
  }

  /** The process id of the server; another one after {@link #restart()}. */
  public long pid() {
    return lifecycle.pid();
  }

  /** Whether the server runs. */
  public boolean isRunning() {
    return lifecycle.isRunning();
  }

  /** SIGKILL, as in a crash; gone on return. */
  public void kill() {
    lifecycle.kill();
  }

  /**
   * Stops it when it runs and starts it again, empty, on the same port, also after {@link #kill()}.
   *
   * @throws EmbeddedServersException when it cannot start
   * @throws IllegalStateException after {@link #close()}
   */
  public void restart() {
    lifecycle.restart();
  }

  /** Stops it: SIGTERM, and SIGKILL after 1 s. Does nothing the second time. */
  @Override
  public void close() {
    lifecycle.close();
  }
}
