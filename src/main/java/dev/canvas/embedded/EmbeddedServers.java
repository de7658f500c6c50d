package dev.canvas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A real Postgres and a real Redis, started from jars, with their data in one directory. This
 * process holds the directory while they run. They outlive the process only if it is killed; the
 * next start on the directory then stops them. Runs on Linux and macOS; as root, only where {@code
 * unshare} is permitted. Thread-safe; all methods block.
 */
public final class EmbeddedServers implements AutoCloseable {

  private static final String ADDRESSES = "stores.env";

  private final DataDirectory data;
  private final PostgresServer postgres;
  private final RedisServer redis;
  private final List<ServerWatch> watches = new CopyOnWriteArrayList<>();

  private EmbeddedServers(DataDirectory data, PostgresServer postgres, RedisServer redis) {
    this.data = data;
    this.postgres = postgres;
    this.redis = redis;
  }

  /**
   * Starts both servers, with the programs unpacked into {@code bin} of the data directory.
   *
   * @see #start(Path, Path, Consumer)
   */
  public static EmbeddedServers start(Path dataDirectory, Consumer<String> progress) {
    Binaries.requireJars();
    DataDirectory data = DataDirectory.claim(dataDirectory);
    return start(data, new Binaries(data.of("bin")), progress);
  }

  /**
   * Starts both servers on free ports of 127.0.0.1, each with a password: other accounts of this
   * machine reach the ports too. The addresses with the passwords are in {@code stores.env} of the
   * data directory, which only its owner can read. The caller has to close them: there is no
   * shutdown hook. If the calling thread is interrupted, the servers that were started are stopped.
   *
   * @param dataDirectory created if it does not exist; otherwise it must be empty, or created here
   *     before
   * @param binaries where the programs are unpacked, once; can be shared between data directories
   *     and processes
   * @param progress receives short lines for a terminal
   * @throws EmbeddedServersException if they cannot start, with one line for the user; nothing is
   *     left running, and a directory that was refused is unchanged
   */
  public static EmbeddedServers start(
      Path dataDirectory, Path binaries, Consumer<String> progress) {
    Binaries.requireJars();
    return start(DataDirectory.claim(dataDirectory), new Binaries(binaries), progress);
  }

  private static EmbeddedServers start(
      DataDirectory data, Binaries binaries, Consumer<String> progress) {
    PostgresServer postgres = null;
    RedisServer redis = null;
    try {
      postgres = PostgresServer.start(data, binaries, true, 0, () -> {}, progress);
      redis = RedisServer.start(data, binaries, ServerPassword.random(), 0, () -> {}, progress);
      EmbeddedServers servers = new EmbeddedServers(data, postgres, redis);
      servers.writeAddresses();
      return servers;
    } catch (RuntimeException | Error e) {
      if (redis != null) {
        redis.close();
      }
      if (postgres != null) {
        postgres.close();
      }
      data.close();
      throw e;
    }
  }

  private void writeAddresses() {
    try {
      DurableFiles.writePrivate(
          addresses(),
          "CANVAS_POSTGRES_URI=%s\nCANVAS_REDIS_URI=%s\n".formatted(postgresUri(), redisUri()));
    } catch (IOException e) {
      throw EmbeddedServersException.failed("writing " + ADDRESSES, addresses(), e);
    }
  }

  /**
   * Deletes the data and logs of the servers, but not the unpacked programs. Does nothing if the
   * directory does not exist.
   *
   * @param progress receives short lines for a terminal
   * @throws EmbeddedServersException if the directory is in use or not ours; it is unchanged then
   */
  public static void erase(Path dataDirectory, Consumer<String> progress) {
    Binaries.requireJars();
    if (!Files.exists(dataDirectory)) {
      return;
    }
    try (DataDirectory data = DataDirectory.claim(dataDirectory)) {
      progress.accept("deleting the data in " + dataDirectory);
      new PostgresCluster(data).killAll();
      RedisServer.killAll(data);
      for (String part : List.of("postgres", "postgres.new", "redis", "logs", ADDRESSES)) {
        DurableFiles.delete(data.of(part));
      }
    } catch (IOException e) {
      throw EmbeddedServersException.failed("deleting the data", dataDirectory, e);
    }
  }

  /**
   * A file with the addresses of both servers, as variables for other commands of Canvas. The ports
   * and the password of Redis are those of this start.
   */
  public Path addresses() {
    return data.of(ADDRESSES);
  }

  /**
   * Reads {@link #addresses}, also those of another process.
   *
   * @return the addresses by the names of their variables
   */
  public static Map<String, String> read(Path addresses) throws IOException {
    return Files.readAllLines(addresses).stream()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  /** The directories in a data directory that the servers write to. */
  public static List<Path> writtenIn(Path dataDirectory) {
    return List.of(dataDirectory, dataDirectory.resolve("postgres"), dataDirectory.resolve("logs"));
  }

  /** {@code postgresql://postgres:PASSWORD@127.0.0.1:PORT/canvas}. */
  public String postgresUri() {
    return postgres.uri();
  }

  /** {@code redis://:PASSWORD@127.0.0.1:PORT}. */
  public String redisUri() {
    return redis.uri();
  }

  /** The Postgres server, which is closed with this object. */
  public PostgresServer postgres() {
    return postgres;
  }

  /** The Redis server, which is closed with this object. */
  public RedisServer redis() {
    return redis;
  }

  /**
   * From now on starts a server again that has ended by itself. One that ends again and again is
   * given up.
   *
   * @param screen receives what happened, in lines for a terminal, from other threads
   */
  public void keepRunning(Consumer<String> screen) {
    watches.add(ServerWatch.of(postgres, screen));
    watches.add(ServerWatch.of(redis, screen));
  }

  /** Stops both servers within 4 s and releases the directory. Does nothing the second time. */
  @Override
  public void close() {
    watches.forEach(ServerWatch::close);
    redis.close();
    postgres.close();
    data.close();
  }
}
