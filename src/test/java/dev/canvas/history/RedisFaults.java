package dev.canvas.history;

import static org.awaitility.Awaitility.await;

import dev.canvas.embedded.RedisServer;
import dev.canvas.history.Cycle.Step;
import dev.canvas.history.Fault.Victim;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.ProcessSignals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The faults of Redis: it dies, loses its keys, refuses writes, or fails over. */
final class RedisFaults {

  /** Memory for a few keys besides what Redis itself takes. */
  private static final long ROOM_BYTES = 48 * 1024;

  private static final Duration SOON = Duration.ofSeconds(30);

  private final KillableServers servers;

  RedisFaults(KillableServers servers) {
    this.servers = servers;
  }

  /** It answers nothing, or has lost what it had. */
  List<Fault> ofOne() {
    RedisServer redis = servers.redis();
    return List.of(
        Fault.of("redis-killed", Victim.REDIS, redis::kill, redis::restart),
        Fault.of(
            "redis-frozen",
            Victim.REDIS,
            () -> ProcessSignals.freeze(redis.pid()),
            () -> ProcessSignals.thaw(redis.pid())),
        Fault.repeated("redis-flushed", Victim.REDIS, () -> redis("FLUSHALL")),
        Fault.repeated("redis-evicted", Victim.REDIS, servers::evictProducts),
        Fault.repeated("redis-scripts-flushed", Victim.REDIS, () -> redis("SCRIPT FLUSH")),
        Fault.of(
            "redis-evicting", Victim.REDIS, () -> evict("allkeys-random"), this::removeMemoryLimit),
        Fault.of("redis-full", Victim.REDIS, () -> evict("noeviction"), this::removeMemoryLimit),
        Fault.of(
            "redis-read-only",
            Victim.REDIS,
            () -> redis("REPLICAOF 127.0.0.1 1"),
            () -> redis("REPLICAOF NO ONE")),
        Fault.of("redis-old-snapshot", Victim.REDIS, () -> redis("SAVE"), this::restartFromDump));
  }

  /** It answers reads and refuses writes: NOREPLICAS, OOM, MISCONF. */
  List<Fault> ofRefusal() {
    return List.of(
        Fault.of(
            "redis-refusing-noreplicas",
            Victim.REDIS,
            () -> redis("CONFIG SET min-replicas-to-write 1"),
            () -> redis("CONFIG SET min-replicas-to-write 0")),
        Fault.of(
            "redis-refusing-oom",
            Victim.REDIS,
            () -> {
              redis("CONFIG SET maxmemory-policy noeviction");
              redis("CONFIG SET maxmemory 1");
            },
            this::removeMemoryLimit),
        Fault.of("redis-refusing-misconf", Victim.REDIS, this::failSnapshot, this::stopSnapshots));
  }

  /** Another Redis takes its place, and it comes back without a restart. */
  static List<Fault> ofPair(RedisPair pair) {
    return List.of(
        Cycle.fault(
            "redis-promoted",
            Victim.REDIS,
            pair::heal,
            Step.of(pair::replicate, 0),
            Step.of(pair::failOver, 1_200),
            Step.of(pair::failBack, 800)),
        Cycle.fault(
            "redis-promoted-lagging",
            Victim.REDIS,
            pair::heal,
            Step.of(pair::delayReplica, 500),
            Step.of(pair::failOver, 1_200),
            Step.of(pair::failBack, 300)),
        Cycle.fault(
            "redis-swapped",
            Victim.REDIS,
            pair::heal,
            Step.of(pair::leadToUnrelated, 1_000),
            Step.of(pair::leadBack, 1_000)),
        Cycle.fault(
            "redis-split",
            Victim.REDIS,
            pair::heal,
            Step.of(pair::split, 1_500),
            Step.of(pair::leadBack, 800)));
  }

  private String redis(String command) {
    return servers.redisCommand(command);
  }

  private void evict(String policy) {
    String memory = redis("INFO memory").replaceFirst("(?s).*used_memory:(\\d+).*", "$1");
    redis("CONFIG SET maxmemory-policy " + policy);
    redis("CONFIG SET maxmemory " + (Long.parseLong(memory) + ROOM_BYTES));
    if (policy.startsWith("allkeys")) {
      // Otherwise the keys that are there now would stay, and only new ones would be evicted.
      redis("FLUSHALL");
    }
  }

  private void removeMemoryLimit() {
    redis("CONFIG SET maxmemory 256mb");
    redis("CONFIG SET maxmemory-policy allkeys-lru");
  }

  /** A directory in the place of the file makes each snapshot fail, as a full disk does. */
  private void failSnapshot() {
    try {
      // A replica leaves the file that it was synced with.
      Files.deleteIfExists(dump());
      Files.createDirectory(dump());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    redis("CONFIG SET save \"3600 1\"");
    redis("BGSAVE");
    await()
        .atMost(SOON)
        .until(() -> redis("INFO persistence").contains("rdb_last_bgsave_status:err"));
  }

  private void stopSnapshots() {
    redis("CONFIG SET save \"\"");
    deleteDump();
    redis("SAVE");
    deleteDump();
  }

  /** Restarts Redis as after a crash, with the snapshot that was saved when the fault began. */
  private void restartFromDump() {
    servers.redis().kill();
    servers.redis().restart();
    deleteDump();
  }

  private void deleteDump() {
    try {
      Files.delete(dump());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Path dump() {
    List<String> lines = redis("CONFIG GET dir").lines().toList();
    String directory =
        lines.stream().filter(line -> line.startsWith("/")).findFirst().orElseThrow();
    return Path.of(directory).resolve("dump.rdb");
  }
}
