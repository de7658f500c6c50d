package dev.canvas.history;

import dev.canvas.embedded.PostgresServer;
import dev.canvas.embedded.RedisServer;
import dev.canvas.history.Fault.Victim;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.ProcessSignals;
import dev.canvas.testing.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** All faults that can be injected into a cluster. */
final class Faults {

  /** Each way; together below the deadline of the service for Redis. */
  private static final Duration SLOW_REDIS = Duration.ofMillis(15);

  /** Each way; some commits then take longer than the service waits. */
  private static final Duration SLOW_POSTGRES = Duration.ofMillis(40);

  /** Memory for a few keys besides what Redis itself takes. */
  private static final long ROOM_BYTES = 48 * 1024;

  private final KillableServers servers;

  private Faults(KillableServers servers) {
    this.servers = servers;
  }

  static List<Fault> of(Cluster cluster) {
    Faults faults = new Faults(cluster.servers);
    return Stream.of(
            faults.ofRedis(),
            faults.ofPostgres(),
            ofLink("redis", Victim.REDIS, cluster.redisLink, SLOW_REDIS),
            ofLink("postgres", Victim.POSTGRES, cluster.postgresLink, SLOW_POSTGRES),
            ofNode(cluster.there),
            List.of(LoopStalls.fault(List.of(cluster.vertx()), 1)))
        .flatMap(List::stream)
        .toList();
  }

  /** The fault of that name. */
  static Fault of(Cluster cluster, String name) {
    return of(cluster).stream()
        .filter(fault -> fault.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The fault of Redis of that name, without a cluster. */
  static Fault of(KillableServers servers, String name) {
    return new Faults(servers)
        .ofRedis().stream().filter(fault -> fault.name().equals(name)).findFirst().orElseThrow();
  }

  private List<Fault> ofRedis() {
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

  private List<Fault> ofPostgres() {
    PostgresServer postgres = servers.postgres();
    return List.of(
        Fault.of("postgres-killed", Victim.POSTGRES, postgres::kill, postgres::restart),
        Fault.of(
            "postgres-frozen",
            Victim.POSTGRES,
            () -> ProcessSignals.freeze(postgres.pid()),
            () -> ProcessSignals.thaw(postgres.pid())));
  }

  private static List<Fault> ofLink(String server, Victim victim, TcpProxy link, Duration slow) {
    return List.of(
        Fault.of(server + "-link-slow", victim, () -> link.delay(slow), link::mend),
        Fault.of(server + "-link-stalled", victim, link::stall, link::mend),
        new Fault(server + "-link-cut", victim, link::refuse, link::cut, link::mend));
  }

  private static List<Fault> ofNode(Node node) {
    return List.of(
        Fault.of("node-killed", Victim.NODE, node::kill, node::start),
        Fault.of("node-frozen", Victim.NODE, node::freeze, node::thaw));
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

  /** Restarts Redis as after a crash, with the snapshot that was saved when the fault began. */
  private void restartFromDump() {
    Path dump = Path.of(lastWord(redis("CONFIG GET dir"))).resolve("dump.rdb");
    servers.redis().kill();
    servers.redis().restart();
    try {
      Files.delete(dump);
    } catch (IOException unsaved) {
      throw new UncheckedIOException(unsaved);
    }
  }

  private static String lastWord(String answer) {
    List<String> lines = answer.lines().toList();
    return lines.stream().filter(line -> line.startsWith("/")).findFirst().orElseThrow();
  }
}
