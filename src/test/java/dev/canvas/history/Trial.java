package dev.canvas.history;

import dev.canvas.data.DelayedNode;
import dev.canvas.data.FixedRunId;
import dev.canvas.data.Mutant;
import dev.canvas.data.Schema;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A protocol on trial: clients of two nodes on few products, whose keys in Redis are lost all the
 * time.
 */
final class Trial implements AutoCloseable {

  /** With a cache in each node, the time that a message may take. */
  private static final Duration MESSAGE = Duration.ofSeconds(1);

  private static final Duration SLICE = Duration.ofSeconds(2);
  private static final Duration UNKNOWN_LIFE = Duration.ofSeconds(10);
  private static final Workload.Plan PLAN = new Workload.Plan(64, 0, 8, 40, 1);

  private final Vertx vertx = Vertx.vertx();
  private final Recorder recorder = new Recorder();
  private final KillableServers servers;
  private final boolean near;
  private final TestDatabase database;
  private final FixedRunId fixedRunId;
  private final List<DelayedNode> nodes = new ArrayList<>();
  private final List<Channel> channels = new ArrayList<>();
  private final Nemesis nemesis;
  private final Fault fault;

  /**
   * @param near whether the nodes have a cache of their own
   */
  Trial(KillableServers servers, Mutant mutant, boolean near) {
    this.servers = servers;
    this.near = near;
    database = new TestDatabase(servers.postgres().uri());
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(
        database.uri().replaceFirst("postgresql://(.*)@(.*)", "jdbc:postgresql://$2?user=$1"));
    Schema.migrate(source);
    fixedRunId = new FixedRunId(servers.redis().uri());
    boolean sameRun = mutant == Mutant.KEYS_WITHOUT_THE_RUN;
    String redisUri = sameRun ? fixedRunId.uri() : servers.redis().uri();
    for (int node = 0; node < 2; node++) {
      DelayedNode made = new DelayedNode(database.uri(), redisUri, mutant, near);
      nodes.add(made);
      for (var service : made.services()) {
        channels.add(new BusChannel(node, service));
      }
    }
    // Other trials have used the same keys.
    servers.redisCommand("FLUSHALL");
    nemesis = new Nemesis(recorder, channels, line -> {});
    fault = Faults.of(servers, sameRun ? "redis-old-snapshot" : "redis-flushed");
  }

  /** Goes on until the promise is broken, or the time is over. */
  List<Violation> violations(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    List<Violation> violations = List.of();
    while (violations.isEmpty() && System.nanoTime() - end < 0) {
      Workload workload = new Workload(vertx, recorder, channels, PLAN);
      workload.start();
      nemesis.make(List.of(fault), SLICE);
      workload.stop().await();
      violations =
          new Checker(UNKNOWN_LIFE, near ? MESSAGE : Duration.ZERO).check(recorder.operations());
    }
    return violations;
  }

  int operations() {
    return recorder.operations().size();
  }

  @Override
  public void close() {
    nodes.forEach(DelayedNode::close);
    fixedRunId.close();
    database.close();
    vertx.close().await();
  }
}
