package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Real Postgres and Redis servers started from jars, their data kept under one directory which this
 * process holds while they run. They outlive this process only when it is killed; the next start on
 * the same directory stops what was left over. Linux and macOS, as root too where {@code unshare}
 * is allowed. Thread-safe; all methods block.
 */
public final class EmbeddedServers implements AutoCloseable {

  private final DataDirectory data;
  private final PostgresServer postgres;
  private final RedisServer redis;

  private EmbeddedServers(DataDirectory data, PostgresServer postgres, RedisServer redis) {
    this.data = data;
    this.postgres = postgres;
    this.redis = redis;
  }

  /**
   * Starts both, with the programs unpacked into {@code bin} of the data directory.
   *
   * @see #start(Path, Path, Consumer)
   */
  public static EmbeddedServers start(Path dataDirectory, Consumer<String> progress) {
    DataDirectory data = DataDirectory.claim(dataDirectory);
    return start(data, data.binaries(), progress);
  }

  /**
   * Starts both on free ports of 127.0.0.1. No shutdown hook is registered: the caller closes. When
   * the calling thread is interrupted, what was started is stopped.
   *
   * @param dataDirectory made when absent; otherwise it must be empty, or one made here before
   * @param binaries where the programs are unpacked, once; may be shared between data directories
   *     and processes
   * @param progress gets short lines for a terminal
   * @throws EmbeddedServersException when they cannot start, with one line for the user; nothing is
   *     left running, and a directory that was refused is as it was
   */
  public static EmbeddedServers start(
      Path dataDirectory, Path binaries, Consumer<String> progress) {
    return start(DataDirectory.claim(dataDirectory), new Binaries(binaries), progress);
  }

  private static EmbeddedServers start(
      DataDirectory data, Binaries binaries, Consumer<String> progress) {
    PostgresServer postgres = null;
    try {
      postgres = PostgresServer.start(data, binaries, 0, () -> {}, progress);
      RedisServer redis = RedisServer.start(data, binaries, 0, () -> {}, progress);
      return new EmbeddedServers(data, postgres, redis);
    } catch (RuntimeException | Error e) {
      if (postgres != null) {
        postgres.close();
      }
      data.close();
      throw e;
    }
  }

  /**
   * Deletes the servers' data and logs; the unpacked programs stay. Does nothing where there is no
   * such directory.
   *
   * @param progress gets short lines for a terminal
   * @throws EmbeddedServersException when the directory is in use or none of ours; then it is as it
   *     was
   */
  public static void erase(Path dataDirectory, Consumer<String> progress) {
    if (!Files.exists(dataDirectory)) {
      return;
    }
    try (DataDirectory data = DataDirectory.claim(dataDirectory)) {
      progress.accept("deleting the data in " + dataDirectory);
      new PostgresCluster(data).killAll();
      ServerProcess.runningIn(data.of("redis"), RedisKind.PROGRAMS).forEach(ServerProcess::kill);
      for (String part : List.of("postgres", "postgres.new", "redis", "logs")) {
        DirectoryTree.delete(data.of(part));
      }
    } catch (IOException e) {
      throw EmbeddedServersException.failed("deleting the data", dataDirectory, e);
    }
  }

  /** {@code postgresql://postgres@127.0.0.1:PORT/canvas}. */
  public String postgresUri() {
    return postgres.uri();
  }

  /** {@code redis://127.0.0.1:PORT}. */
  public String redisUri() {
    return redis.uri();
  }

  /** The Postgres server; closed with this. */
  public PostgresServer postgres() {
    return postgres;
  }

  /** The Redis server; closed with this. */
  public RedisServer redis() {
    return redis;
  }

  /** Stops both within 4 s and gives the directory up. Does nothing the second time. */
  @Override
  public void close() {
    redis.close();
    postgres.close();
    data.close();
  }
}
