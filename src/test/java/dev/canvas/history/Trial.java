package dev.canvas.history;

import static org.awaitility.Awaitility.await;

import dev.canvas.data.Gate;
import dev.canvas.data.Mutant;
import dev.canvas.testing.KillableServers;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Runs random clients of two nodes, of which one rule of the protocol may be broken, on products
 * whose keys in Redis are lost all the time.
 */
final class Trial implements AutoCloseable {

  /** With near caches, the time that an invalidation may take. */
  private static final Duration NEAR_CACHE_LAG = Duration.ofSeconds(1);

  private static final Duration SLICE = Duration.ofSeconds(2);
  private static final Duration UNKNOWN_LIFE = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final Recorder recorder = new Recorder();
  private final boolean near;
  private final TwoNodes nodes;
  private final Workload.Plan plan;
  private final Nemesis nemesis;
  private final List<Fault> faults;

  /**
   * @param near whether the nodes have a near cache
   * @param stalling whether the event loops of the nodes stall now and then
   */
  Trial(KillableServers servers, Mutant mutant, boolean near, boolean stalling) {
    this.near = near;
    nodes = new TwoNodes(servers, mutant, near, false, 0);
    // This mutant needs concurrent writes of one product; the others need reads between its writes.
    boolean crowded = mutant == Mutant.VERSION_BEFORE_THE_LOCK;
    plan = crowded ? new Workload.Plan(80, 0, 2, 6, 1) : new Workload.Plan(64, 0, 8, 40, 1);
    nemesis = new Nemesis(recorder, nodes.channels(), line -> {});
    Fault fault =
        switch (mutant) {
          // The node that wrote cannot tell Redis.
          case TRUST_NEVER_ENDS -> lostInstalls();
          case NO_TOMBSTONE, INSTALL_LEAVES_LEASES, INSTALL_PUBLISHES_NOTHING ->
              lostFences(servers);
          case KEYS_WITHOUT_THE_RUN -> Faults.of(servers, "redis-old-snapshot");
          default -> Faults.of(servers, "redis-evicted");
        };
    Fault stalls = LoopStalls.fault(List.of(nodes.node(0).vertx(), nodes.node(1).vertx()), 1);
    faults = stalling ? List.of(fault, stalls) : List.of(fault);
  }

  /** Redis loses its keys while commits take long, so that reads fill the old values. */
  private Fault lostFences(KillableServers servers) {
    Gate commits = nodes.node(0).commits();
    AtomicInteger times = new AtomicInteger();
    Runnable repeat =
        () -> {
          switch (times.getAndIncrement() % 4) {
            case 0 -> commits.hold();
            case 1 -> servers.evictProducts();
            case 3 -> commits.open();
            default -> {}
          }
        };
    return new Fault("fences-lost", Fault.Victim.REDIS, () -> {}, repeat, commits::open);
  }

  private Fault lostInstalls() {
    Gate installs = nodes.node(0).installs();
    return Fault.of("installs-lost", Fault.Victim.REDIS, installs::shut, installs::open);
  }

  /** Runs until a promise is broken or the time is over. */
  List<Violation> violations(Duration limit) {
    return violations(limit, 0);
  }

  /** The same, and on a busy machine at least until so many calls were made. */
  List<Violation> violations(Duration limit, int calls) {
    long end = System.nanoTime() + limit.toNanos();
    List<Violation> violations = List.of();
    while (violations.isEmpty() && (System.nanoTime() - end < 0 || operations() < calls)) {
      Workload workload = new Workload(vertx, recorder, nodes.channels(), plan);
      workload.start();
      nemesis.inject(faults, SLICE);
      workload.stop().await();
      violations =
          new Checker(UNKNOWN_LIFE, near ? NEAR_CACHE_LAG : Duration.ZERO)
              .check(recorder.operations());
    }
    return violations;
  }

  /** The products whose latest version no relay has announced, once the outbox is empty. */
  List<String> unannounced() {
    await().until(() -> nodes.database().query("select count(*) from media_outbox").equals("0"));
    String newest =
        nodes
            .database()
            .query("select string_agg(product_id || '=' || version, ' ') from product_media");
    Set<String> relayed = nodes.relayed();
    return Stream.of(newest.split(" ")).filter(each -> !relayed.contains(each)).toList();
  }

  int operations() {
    return recorder.operations().size();
  }

  @Override
  public void close() {
    nodes.close();
    vertx.close().await();
  }
}
