package dev.canvas.history;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.canvas.data.Mutant;
import dev.canvas.history.Interleaving.Scene;
import dev.canvas.history.Violation.Rule;
import dev.canvas.testing.KillableServers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The checker finds each broken rule of the protocol in the interleaving that shows it, and no
 * violation in the protocol as it is. {@code perf/history --mutants} measures how soon random
 * clients find them.
 */
class MutantsIT {

  private static final Duration CONTROL = Duration.ofSeconds(6);
  private static final int MIN_OPERATIONS = 1_000;

  /** The broken rule that stalled event loops are tried with. */
  private static final Mutant STALLED = Mutant.UNCONDITIONAL_FILL;

  /** How often it is played, so that event loops stall in several of its steps. */
  private static final int TIMES = 10;

  private static final long STALL_EVERY_MS = 25;
  private static final Duration FOUND_WITHIN = Duration.ofMinutes(1);

  /** On a busy machine, what is stale may go with a lost connection; then it is played again. */
  private static final int POLLS_OF_A_PLAY = 50;

  private static KillableServers servers;

  @BeforeAll
  static void start() {
    servers = new KillableServers();
  }

  @AfterAll
  static void stop() {
    servers.close();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aBrokenRuleIsFoundInItsInterleaving(Mutant mutant) throws TimeoutException {
    Interleaving interleaving = Interleaving.thatShows(mutant);
    assertEquals(Set.of(), brokenRules(Mutant.NONE, mutant.isNear(), interleaving));
    Rule broken = mutant == Mutant.NO_FENCE ? Rule.BACKWARD : Rule.STALE;
    assertEquals(Set.of(broken), brokenRules(mutant, mutant.isNear(), interleaving));
  }

  /** So a history of stalled event loops can show a broken rule. */
  @Test
  void aBrokenRuleIsFoundWhileEventLoopsStall() throws TimeoutException {
    Recorder recorder = new Recorder();
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (TwoNodes nodes = new TwoNodes(servers, STALLED, STALLED.isNear(), true, 0)) {
      Fault stalls = LoopStalls.fault(List.of(nodes.node(0).vertx(), nodes.node(1).vertx()), 1);
      Future<?> stalling =
          clock.scheduleAtFixedRate(stalls.repeat(), 0, STALL_EVERY_MS, TimeUnit.MILLISECONDS);
      for (int time = 0; time < TIMES; time++) {
        servers.evictProducts();
        play(Interleaving.thatShows(STALLED), nodes, recorder);
      }
      assertFalse(stalling.isDone(), "the event loops stall to the end");
    } finally {
      clock.shutdownNow();
    }
    assertEquals(Set.of(Rule.STALE), brokenRules(recorder));
  }

  /**
   * Three are left out. One answers from an older select and leaves nothing in a cache, one makes
   * the store itself give a newer state a lower version, and without a fence an older state is
   * there only until the write is installed.
   */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NONE", "JOINS_ANY_FLIGHT", "VERSION_BEFORE_THE_LOCK", "NO_FENCE"})
  void theVerifierFindsWhatABrokenRuleLeavesInACache(Mutant mutant) throws TimeoutException {
    try (TwoNodes nodes = new TwoNodes(servers, mutant, mutant.isNear(), true, 1)) {
      AtomicInteger polls = new AtomicInteger();
      await()
          .atMost(FOUND_WITHIN)
          .until(
              () -> {
                if (polls.getAndIncrement() % POLLS_OF_A_PLAY == 0) {
                  servers.evictProducts();
                  play(Interleaving.thatShows(mutant), nodes, new Recorder());
                }
                if (mutant.isNear()) {
                  nodes.node(1).ping().await(10, TimeUnit.SECONDS);
                }
                nodes.channel(1).read(Interleaving.PRODUCT).await(10, TimeUnit.SECONDS);
                return nodes.node(1).staleReads() > 0;
              });
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "true, true"})
  void theProtocolItselfIsConsistent(boolean near, boolean stalling) {
    try (Trial trial = new Trial(servers, Mutant.NONE, near, stalling)) {
      assertEquals(List.of(), trial.violations(CONTROL, MIN_OPERATIONS));
      assertEquals(List.of(), trial.unannounced());
    }
  }

  private static Set<Rule> brokenRules(Mutant mutant, boolean near, Interleaving interleaving)
      throws TimeoutException {
    Recorder recorder = new Recorder();
    try (TwoNodes nodes = new TwoNodes(servers, mutant, near, true, 0)) {
      play(interleaving, nodes, recorder);
    }
    return brokenRules(recorder);
  }

  private static Set<Rule> brokenRules(Recorder recorder) {
    return new Checker(Duration.ZERO, Duration.ZERO)
        .check(recorder.operations()).stream().map(Violation::rule).collect(Collectors.toSet());
  }

  private static void play(Interleaving interleaving, TwoNodes nodes, Recorder recorder)
      throws TimeoutException {
    interleaving.play(
        new Scene(
            servers,
            nodes,
            recorder,
            new RecordingClient(recorder, nodes.channel(0), 0),
            new RecordingClient(recorder, nodes.channel(1), 1),
            new RecordingClient(recorder, nodes.channel(1), 2)));
  }
}
