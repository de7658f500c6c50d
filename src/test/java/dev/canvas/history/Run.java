package dev.canvas.history;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One history: clients at work on a stage, faults meanwhile, and what is to be said of it.
 * Immutable.
 *
 * @param near whether the nodes have a cache of their own
 * @param progress gets lines for whoever waits
 */
record Run(Workload.Plan plan, boolean near, Consumer<String> progress) {

  /**
   * How long a write may go on of which the client knows nothing: through a frozen Postgres, or on
   * a slow link.
   */
  private static final Duration UNKNOWN_LIFE = Duration.ofSeconds(30);

  /** With a cache in each node, the time that a message may take, or until its loss is noticed. */
  private static final Duration MESSAGE = Duration.ofSeconds(1);

  /** A relay that is frozen loses its place after three seconds, and the next has to take it. */
  private static final Duration RELAY = Duration.ofSeconds(5);

  /**
   * What came of it. Immutable.
   *
   * @param disagreements between Postgres, Redis and the nodes when all was quiet
   * @param unrecovered faults after which somebody could not read or write again in time
   */
  record Verdict(
      List<Operation> operations,
      List<Violation> violations,
      List<String> disagreements,
      List<String> unrecovered) {

    boolean passed() {
      return violations.isEmpty() && disagreements.isEmpty() && unrecovered.isEmpty();
    }

    /** How often each kind of call was answered how. */
    Map<String, Long> table() {
      Map<String, Long> table = new TreeMap<>();
      operations.forEach(
          each -> table.merge(each.note() + " " + each.outcome(), 1L, (a, b) -> a + b));
      return table;
    }
  }

  /**
   * Runs it.
   *
   * @param script what happens while the clients are at work
   */
  Verdict run(BiConsumer<Nemesis, List<Fault>> script) {
    Recorder recorder = new Recorder();
    try (Cluster stage = new Cluster(near)) {
      List<Channel> channels = stage.channels();
      Nemesis nemesis = new Nemesis(recorder, channels, progress);
      Workload workload = new Workload(stage.clients, recorder, channels, plan);
      workload.start();
      script.accept(nemesis, Faults.of(stage));
      workload.stop().await();
      progress.accept("quiet after " + recorder.operations().size() + " operations");
      List<String> disagreements = new ConvergenceCheck(stage, recorder, channels).check();
      List<Operation> history = recorder.operations();
      Duration lag = near ? MESSAGE : Duration.ZERO;
      return new Verdict(
          history,
          new Checker(UNKNOWN_LIFE, lag, RELAY).check(history),
          disagreements,
          nemesis.unrecovered());
    }
  }
}
