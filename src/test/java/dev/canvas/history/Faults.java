package dev.canvas.history;

import dev.canvas.history.Fault.Victim;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.TcpProxy;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All faults that can be injected into a cluster. */
final class Faults {

  /** Each way; together below the deadline of the service for Redis. */
  private static final Duration SLOW_REDIS = Duration.ofMillis(15);

  /** Each way; some commits then take longer than the service waits. */
  private static final Duration SLOW_POSTGRES = Duration.ofMillis(40);

  private Faults() {}

  static List<Fault> of(Cluster cluster, Recorder recorder) {
    RedisFaults redis = new RedisFaults(cluster.servers);
    return Stream.of(
            redis.ofOne(),
            redis.ofRefusal(),
            RedisFaults.ofPair(cluster.redisPair),
            new PostgresFaults(cluster.servers.postgres(), cluster.database()).all(),
            ofRestores(cluster, recorder),
            ofLink("redis", Victim.REDIS, cluster.redisLink, SLOW_REDIS),
            ofLink("postgres", Victim.POSTGRES, cluster.postgresLink, SLOW_POSTGRES),
            cluster.processes().stream().flatMap(node -> ofNode(node).stream()).toList(),
            ofHosts(cluster.processes().stream().filter(node -> node.host().isPresent()).toList()),
            ofLoops(cluster.loops()))
        .flatMap(List::stream)
        .toList();
  }

  /** The fault of that name. */
  static Fault of(Cluster cluster, String name) {
    return of(cluster, new Recorder()).stream()
        .filter(fault -> fault.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The fault of Redis of that name, without a cluster. */
  static Fault of(KillableServers servers, String name) {
    return new RedisFaults(servers)
        .ofOne().stream().filter(fault -> fault.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Fault> ofRestores(Cluster cluster, Recorder recorder) {
    DatabaseRestore restore = new DatabaseRestore(cluster.database(), recorder);
    return List.of(
        restore.ofBackup(),
        restore.of(new LaggingStandby(cluster.servers.postgres(), cluster.database())));
  }

  private static List<Fault> ofLink(String server, Victim victim, TcpProxy link, Duration slow) {
    return List.of(
        Fault.of(server + "-link-slow", victim, () -> link.delay(slow), link::mend),
        Fault.of(server + "-link-stalled", victim, link::stall, link::mend),
        new Fault(server + "-link-cut", victim, link::refuse, link::cut, link::mend));
  }

  private static List<Fault> ofNode(Node node) {
    return List.of(
        Fault.of(node.name() + "-killed", Victim.NODE, node::kill, node::start),
        Fault.of(node.name() + "-frozen", Victim.NODE, node::freeze, node::thaw));
  }

  /** A host that nobody reaches, and one that the other hosts alone do not reach. */
  private static List<Fault> ofHosts(List<Node> nodes) {
    List<Fault> faults = new ArrayList<>();
    for (Node node : nodes) {
      Host host = node.host().orElseThrow();
      List<Host> others =
          nodes.stream()
              .filter(other -> other != node)
              .map(other -> other.host().orElseThrow())
              .toList();
      faults.add(Fault.of(node.name() + "-cut-off", Victim.NODE, host::cutOff, host::reconnect));
      faults.add(
          Fault.of(
              node.name() + "-isolated",
              Victim.NODE,
              () -> host.turnFrom(others),
              () -> host.turnTo(others)));
    }
    return faults;
  }

  private static List<Fault> ofLoops(List<Vertx> here) {
    return here.isEmpty() ? List.of() : List.of(LoopStalls.fault(here, 1));
  }
}
