package dev.canvas.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Records one history of clients on a cluster with faults, and checks it. Immutable.
 *
 * @param near whether the nodes have a near cache
 * @param layout which nodes there are
 * @param progress receives lines to show meanwhile
 */
record Run(Workload.Plan plan, boolean near, Layout layout, Consumer<String> progress) {

  /**
   * How long a write with an unknown outcome may still take effect: behind a frozen Postgres, or on
   * a slow link.
   */
  private static final Duration UNKNOWN_LIFE = Duration.ofSeconds(30);

  /** With near caches, the time an invalidation may take, or until its loss is noticed. */
  private static final Duration NEAR_CACHE_LAG = Duration.ofSeconds(1);

  /** A write by SQL waits for the relay. */
  private static final Duration RELAY = Duration.ofSeconds(5);

  /**
   * A frozen relay or a lock by hand stops the relay for four seconds; then it has to catch up, or
   * another has to take over.
   */
  private static final Duration STOPPED_RELAY = Duration.ofSeconds(10);

  /**
   * The result. Immutable.
   *
   * @param disagreements between Postgres, Redis and the nodes after the clients had stopped
   * @param unrecovered faults after which some channel did not recover in time
   */
  record Verdict(
      List<Operation> operations,
      List<Violation> violations,
      List<String> disagreements,
      List<String> unrecovered) {

    boolean passed() {
      return violations.isEmpty() && disagreements.isEmpty() && unrecovered.isEmpty();
    }

    /** The number of calls by API and outcome. */
    Map<String, Long> table() {
      Map<String, Long> table = new TreeMap<>();
      operations.forEach(
          each -> table.merge(each.note() + " " + each.outcome(), 1L, (a, b) -> a + b));
      return table;
    }
  }

  /**
   * Runs the workload and checks its history.
   *
   * @param script injects faults while the clients work
   */
  Verdict run(BiConsumer<Nemesis, List<Fault>> script) {
    Recorder recorder = new Recorder();
    try (Cluster cluster = new Cluster(near, layout)) {
      List<Channel> channels = cluster.channels();
      Nemesis nemesis = new Nemesis(recorder, channels, progress);
      Workload workload = new Workload(cluster.clients, recorder, channels, plan);
      workload.start();
      List<String> unfinished = new ArrayList<>();
      try {
        script.accept(nemesis, Faults.of(cluster, recorder));
      } catch (RuntimeException | AssertionError broken) {
        // As when a node does not start in time: what was recorded is checked all the same.
        unfinished.add("the end of the run: " + broken);
      }
      workload.stop().await();
      progress.accept("stopped after " + recorder.operations().size() + " operations");
      List<String> disagreements =
          unfinished.isEmpty()
              ? new ConvergenceCheck(cluster, recorder, channels).check()
              : List.of();
      unfinished.addAll(nemesis.unrecovered());
      List<Operation> history = recorder.operations();
      Duration lag = near ? NEAR_CACHE_LAG : Duration.ZERO;
      return new Verdict(
          history,
          new Checker(UNKNOWN_LIFE, lag, new SqlLag(RELAY, STOPPED_RELAY, recorder.stops()))
              .check(history, recorder.restores()),
          disagreements,
          unfinished);
    }
  }
}
