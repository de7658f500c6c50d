package dev.canvas.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A master, its replica, and three Sentinels, of Debian's package. Stops with the JVM. */
public final class SentinelRedis implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);
  private static final int SENTINELS = 3;

  private final OwnRedis master;
  private final OwnRedis replica;
  private final List<OwnRedis> sentinels;

  /** Starts all five; returns when the Sentinels know each other and the replica. */
  public SentinelRedis(Path directory) throws IOException {
    master = OwnRedis.start(directory.resolve("master"), "port", "save \"\"");
    replica =
        OwnRedis.start(
            directory.resolve("replica"),
            "port",
            "save \"\"",
            "replicaof 127.0.0.1 " + master.port());
    sentinels =
        List.of(
            sentinel(directory.resolve("1")),
            sentinel(directory.resolve("2")),
            sentinel(directory.resolve("3")));
    for (OwnRedis sentinel : sentinels) {
      await()
          .atMost(START)
          .until(
              () -> {
                String masters = sentinel.command("INFO sentinel");
                return masters.contains("slaves=1") && masters.contains("sentinels=" + SENTINELS);
              });
    }
  }

  private OwnRedis sentinel(Path directory) throws IOException {
    return OwnRedis.startSentinel(
        directory,
        "sentinel monitor shop 127.0.0.1 %d 2".formatted(master.port()),
        "sentinel down-after-milliseconds shop 500",
        "sentinel failover-timeout shop 5000");
  }

  /** The URI of the master by its Sentinels; at the first address there is none. */
  public String uri() {
    return "redis-sentinel://127.0.0.1:1,127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d/shop"
        .formatted(sentinels.get(0).port(), sentinels.get(1).port(), sentinels.get(2).port());
  }

  /** The port of the master that was started. */
  public int masterPort() {
    return master.port();
  }

  /** The port of the replica, which becomes the master. */
  public int replicaPort() {
    return replica.port();
  }

  /** Kills the master with SIGKILL. */
  public void killMaster() {
    master.kill();
  }

  /** Whether the Sentinels have promoted the replica. */
  public boolean isPromoted() {
    return replica.command("INFO replication").contains("role:master");
  }

  @Override
  public void close() {
    sentinels.forEach(OwnRedis::close);
    replica.close();
    master.close();
  }
}
