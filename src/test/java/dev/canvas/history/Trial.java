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
 * A protocol on trial: clients of two nodes on products whose keys in Redis are lost all the time.
 */
final class Trial implements AutoCloseable {

  /** With a cache in each node, the time that a message may take. */
  private static final Duration MESSAGE = Duration.ofSeconds(1);

  private static final Duration SLICE = Duration.ofSeconds(2);
  private static final Duration UNKNOWN_LIFE = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final Recorder recorder = new Recorder();
  private final boolean near;
  private final TwoNodes nodes;
  private final Workload.Plan plan;
  private final Nemesis nemesis;
  private final Fault fault;

  /**
   * @param near whether the nodes have a cache of their own
   */
  Trial(KillableServers servers, Mutant mutant, boolean near) {
    this.near = near;
    nodes = new TwoNodes(servers, mutant, near, false);
    // Writes of one product meet, or its reads find it quiet after them.
    boolean crowded = mutant == Mutant.VERSION_BEFORE_THE_LOCK;
    plan = crowded ? new Workload.Plan(80, 0, 2, 6, 1) : new Workload.Plan(64, 0, 8, 40, 1);
    nemesis = new Nemesis(recorder, nodes.channels(), line -> {});
    fault =
        switch (mutant) {
          // What a fence is for: the node that wrote does not come back to say what it wrote.
          case NO_FENCE -> lostInstalls();
          case NO_TOMBSTONE, INSTALL_LEAVES_LEASES, INSTALL_PUBLISHES_NOTHING ->
              lostFences(servers);
          case KEYS_WITHOUT_THE_RUN -> Faults.of(servers, "redis-old-snapshot");
          default -> Faults.of(servers, "redis-evicted");
        };
  }

  /** Redis loses its keys while commits take long, so that reads fill in what was before. */
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

  /** Goes on until the promise is broken, or the time is over. */
  List<Violation> violations(Duration most) {
    return violations(most, 0);
  }

  /** The same, and where the machine is busy until so many calls were made. */
  List<Violation> violations(Duration most, int calls) {
    long end = System.nanoTime() + most.toNanos();
    List<Violation> violations = List.of();
    while (violations.isEmpty() && (System.nanoTime() - end < 0 || operations() < calls)) {
      Workload workload = new Workload(vertx, recorder, nodes.channels(), plan);
      workload.start();
      nemesis.inject(List.of(fault), SLICE);
      workload.stop().await();
      violations =
          new Checker(UNKNOWN_LIFE, near ? MESSAGE : Duration.ZERO).check(recorder.operations());
    }
    return violations;
  }

  /** The products of whose newest version nobody has told, once everything is relayed. */
  List<String> unannounced() {
    await().until(() -> nodes.database().query("select count(*) from media_outbox").equals("0"));
    String newest =
        nodes
            .database()
            .query("select string_agg(product_id || '=' || version, ' ') from product_media");
    Set<String> told = nodes.relayed();
    return Stream.of(newest.split(" ")).filter(each -> !told.contains(each)).toList();
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
