package dev.canvas.history;

import static org.awaitility.Awaitility.await;

import dev.canvas.embedded.RedisServer;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.TcpProxy;
import java.time.Duration;
import java.util.List;

/**
 * The Redis of a cluster and a second one, which starts when it is needed. The address of the nodes
 * leads to one of them, as the address of a failover does. Used by one thread.
 */
final class RedisPair implements AutoCloseable {

  private static final Duration SYNC = Duration.ofSeconds(30);

  private final RedisServer first;
  private final TcpProxy address;
  private RedisServer second;
  private TcpProxy replication;
  private boolean reversed;

  /**
   * @param address the link of the nodes, which leads to the first
   */
  RedisPair(RedisServer first, TcpProxy address) {
    this.first = first;
    this.address = address;
  }

  /** Makes the second a replica that has everything that the first has. */
  void replicate() {
    start();
    replication.mend();
    follow(second, replication.uri());
    awaitSync(second);
  }

  /** Lets the replica miss what is written from now on. */
  void delayReplica() {
    replicate();
    replication.stall();
  }

  /** Promotes the replica, leads the nodes to it, and makes the old master its replica. */
  void failOver() {
    master(second);
    lead(second);
    address.cut();
    follow(first, second.uri());
    reversed = true;
  }

  /** Promotes the old master again, without a restart, when it has what the other one has. */
  void failBack() {
    awaitSync(first);
    master(first);
    lead(first);
    address.cut();
    follow(second, first.uri());
    reversed = false;
  }

  /** Leads the nodes to the second, which is a master that knows nothing of the first. */
  void leadToUnrelated() {
    start();
    lead(second);
    address.cut();
  }

  /** Promotes the replica. Half of the connections move to it; the others stay with the first. */
  void split() {
    replicate();
    master(second);
    lead(second);
    address.cutHalf();
  }

  /** Leads the nodes to the first. */
  void leadBack() {
    lead(first);
    address.cut();
  }

  /** Makes the first the only master, to which all connections lead. */
  void heal() {
    if (reversed) {
      failBack();
    } else {
      leadBack();
    }
    replication.mend();
    master(second);
  }

  private void start() {
    if (second == null) {
      second = KillableServers.anotherRedis();
      replication = new TcpProxy(first.uri());
    }
    for (RedisServer server : List.of(first, second)) {
      command(server, "CONFIG SET repl-diskless-sync-delay 0");
    }
  }

  private void lead(RedisServer server) {
    address.leadTo(server.uri());
  }

  private static void master(RedisServer server) {
    command(server, "REPLICAOF NO ONE");
  }

  private static void follow(RedisServer server, String masterUri) {
    command(server, "REPLICAOF 127.0.0.1 " + masterUri.replaceFirst(".*:", ""));
  }

  private static void awaitSync(RedisServer replica) {
    await()
        .atMost(SYNC)
        .until(() -> command(replica, "INFO replication").contains("master_link_status:up"));
  }

  private static String command(RedisServer server, String command) {
    return KillableServers.redisCommand(server, command);
  }

  @Override
  public void close() {
    if (second != null) {
      replication.close();
      second.close();
    }
  }
}
