package dev.canvas.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.Mutant;
import dev.canvas.history.Violation.Rule;
import dev.canvas.testing.KillableServers;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The checker finds each broken rule of the protocol, and nothing where all are kept: by chance
 * where that takes seconds, else in the interleaving that shows it.
 */
class MutantsIT {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration CONTROL = Duration.ofSeconds(6);
  private static final long PRODUCT = 1;

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
  @EnumSource(
      names = {
        "UNCONDITIONAL_FILL",
        "FILL_FROM_AN_EXPIRED_LEASE",
        "VERSION_BEFORE_THE_LOCK",
        "JOINS_ANY_FLIGHT",
        "KEYS_WITHOUT_THE_RUN",
        "NEAR_CACHE_DEAF"
      })
  void aMutantIsCaughtWithinAMinute(Mutant mutant) {
    try (Trial trial = new Trial(servers, mutant, mutant == Mutant.NEAR_CACHE_DEAF)) {
      assertFalse(trial.violations(MINUTE).isEmpty(), () -> "not in " + trial.operations());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theProtocolItselfKeepsThePromise(boolean near) {
    try (Trial trial = new Trial(servers, Mutant.NONE, near)) {
      assertEquals(List.of(), trial.violations(CONTROL));
      assertTrue(trial.operations() > 1_000, () -> "too few to tell: " + trial.operations());
    }
  }

  @Test
  void withoutAFenceAWriteThatCannotBeInstalledIsMissedByOthers() throws Exception {
    assertCaught(Mutant.NO_FENCE, MutantsIT::writeThatCannotBeInstalled);
  }

  /** A node loses Redis between its fence and its install, and nobody relays. */
  private static void writeThatCannotBeInstalled(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    done(scene.reader.read(PRODUCT));
    scene.nodes.node(0).installs().shut();
    done(scene.writer.write(PRODUCT));
    done(scene.reader.read(PRODUCT));
  }

  @Test
  void withoutATombstoneADeleteLeavesWhatWasFilledBesideIt() throws Exception {
    assertCaught(Mutant.NO_TOMBSTONE, MutantsIT::deleteWhoseFenceIsLost);
  }

  /** The fence is lost while the delete is committed, and a reader fills what was before. */
  private static void deleteWhoseFenceIsLost(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    Future<Void> held = scene.nodes.node(0).commits().hold();
    Future<Answer> delete = scene.writer.delete(PRODUCT);
    done(held);
    servers.evictProducts();
    done(scene.reader.read(PRODUCT));
    scene.nodes.node(0).commits().open();
    done(delete);
    done(scene.reader.read(PRODUCT));
  }

  @Test
  void theLastOfTwoWritersInstallsWhatIsNotTheNewest() throws Exception {
    assertCaught(Mutant.SHARED_FENCE_INSTALLS, MutantsIT::writesThatShareAFence);
  }

  private static void writesThatShareAFence(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    done(scene.reader.read(PRODUCT));
    Future<Void> held = scene.nodes.node(0).installs().hold();
    Future<Answer> older = scene.writer.write(PRODUCT);
    done(held);
    done(scene.reader.write(PRODUCT));
    scene.nodes.node(0).installs().open();
    done(older);
    done(scene.reader.read(PRODUCT));
  }

  @Test
  void anInstallWhoseFenceIsLostBringsBackWhatIsOld() throws Exception {
    assertCaught(Mutant.INSTALL_WITHOUT_MY_TOKEN, MutantsIT::installThatComesLate);
  }

  private static void installThatComesLate(Scene scene) throws TimeoutException {
    done(scene.writer.write(PRODUCT));
    done(scene.reader.read(PRODUCT));
    Future<Void> held = scene.nodes.node(0).installs().hold();
    Future<Answer> older = scene.writer.write(PRODUCT);
    done(held);
    servers.evictProducts();
    done(scene.reader.write(PRODUCT));
    servers.evictProducts();
    scene.nodes.node(0).installs().open();
    done(older);
    done(scene.reader.read(PRODUCT));
  }

  /** One interleaving, made step by step: the writer is at node 0, the reader at node 1. */
  private interface Script {
    void play(Scene scene) throws TimeoutException;
  }

  private record Scene(TwoNodes nodes, Caller writer, Caller reader) {}

  private static void assertCaught(Mutant mutant, Script script) throws TimeoutException {
    assertEquals(List.of(), rules(Mutant.NONE, script));
    assertEquals(List.of(Rule.STALE), rules(mutant, script));
  }

  private static List<Rule> rules(Mutant mutant, Script script) throws TimeoutException {
    Recorder recorder = new Recorder();
    try (TwoNodes nodes = new TwoNodes(servers, mutant, false, true)) {
      Caller writer = new Caller(recorder, nodes.channel(0), 0);
      script.play(new Scene(nodes, writer, new Caller(recorder, nodes.channel(1), 1)));
    }
    return new Checker(Duration.ZERO, Duration.ZERO)
        .check(recorder.operations()).stream().map(Violation::rule).toList();
  }

  private static void done(Future<?> call) throws TimeoutException {
    call.await(10, TimeUnit.SECONDS);
  }
}
