package dev.canvas.data.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {

  private static final Kind KIND = Kind.COLD_READ;

  private final FakeClock clock = new FakeClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Gate gate = clock.admission(registry).gate(KIND);

  /** Work in progress, in the order in which it began. */
  private final Deque<Promise<Integer>> begun = new ArrayDeque<>();

  private final List<Integer> order = new ArrayList<>();

  @Test
  void workBeginsAtOnceWhileThereAreNoMoreThanTheLimit() {
    fill();
    assertEquals(KIND.initial(), begun.size());
    admit(-1);
    assertEquals(KIND.initial(), begun.size(), "the next waits");
  }

  @Test
  void theNextBeginsWhenAPlaceIsLeftFirstComeFirstServed() {
    fill();
    admit(1);
    admit(2);
    begun.remove().complete(0);
    begun.remove().complete(0);
    assertEquals(List.of(1, 2), order.subList(KIND.initial(), order.size()));
  }

  @Test
  void aPlaceIsLeftWhenWorkFailsOrThrowsToo() {
    fill();
    Future<Integer> thrown =
        gate.admit(
            () -> {
              throw new IllegalStateException("bug");
            });
    Future<Integer> next = admit(1);
    begun.remove().fail("away");
    assertEquals("bug", thrown.cause().getMessage());
    assertEquals(1, order.get(order.size() - 1));
    assertFalse(next.isComplete());
  }

  @Test
  void beyondTheQueueWorkIsRefusedAtOnceAndCounted() {
    fill();
    for (int i = 0; i < KIND.maxWaiting(); i++) {
      admit(i);
    }
    assertRefused(admit(-1));
    assertEquals(1, shed("full"));
    assertEquals(0, shed("late"));
  }

  @Test
  void aBurstIsServedInItsOrderWithoutARefusal() {
    fill();
    List<Future<Integer>> burst = new ArrayList<>();
    for (int i = 0; i < KIND.maxWaiting(); i++) {
      burst.add(admit(i));
    }
    for (int ms = 0; ms < 90; ms += 10) {
      clock.pass(10);
      answer(KIND.maxWaiting() / 8);
    }
    answer(begun.size());
    assertTrue(burst.stream().allMatch(Future::succeeded));
    assertEquals(0, shed("full") + shed("late"));
  }

  @Test
  void inAnOverloadTheNewestIsServedAndTheOthersAreRefusedByTheNextTick() {
    overload();
    Future<Integer> older = admit(1);
    Future<Integer> newer = admit(2);
    // The overload has lowered the limit.
    answer(begun.size() - gate.limit() + 1);
    assertEquals(2, order.get(order.size() - 1));
    clock.pass(LoopTime.TICK_MS);
    assertRefused(older);
    assertFalse(newer.isComplete());
  }

  @Test
  void afterAnOverloadABurstMayWaitAgain() {
    overload();
    answer(begun.size());
    admit(0);
    clock.pass(100);
    answer(begun.size());
    fill();
    Future<Integer> waiting = admit(1);
    clock.pass(50);
    assertFalse(waiting.isComplete());
  }

  @Test
  void aLateLoopDoesNotRefuseWhatItHadNoTimeToServe() {
    fill();
    Future<Integer> waiting = admit(1);
    clock.turn(5_000, 5_000);
    clock.turn(5_000, 0);
    assertFalse(waiting.isComplete());
    answer(begun.size());
    answer(begun.size());
    assertTrue(waiting.succeeded());
  }

  @Test
  void manyThatFailAtOnceDoNotNest() {
    fill();
    List<Future<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < KIND.maxWaiting(); i++) {
      waiting.add(gate.admit(() -> Future.failedFuture("away")));
    }
    begun.remove().complete(0);
    assertTrue(waiting.stream().allMatch(Future::failed));
    assertEquals(0, shed("full") + shed("late"), "the store refused them, not the gate");
  }

  @Test
  void workWithAQueueOfItsOwnHasAPlaceOrNone() {
    List<Gate.Place> places = new ArrayList<>();
    for (int i = 0; i < KIND.initial(); i++) {
      places.add(gate.enter());
    }
    assertNull(gate.enter());
    places.get(0).leave();
    assertNotNull(gate.enter());
  }

  @Test
  void nothingTicksWhileThereIsNoWork() {
    admit(1);
    answer(1);
    clock.pass(1_000);
    assertEquals(0, clock.pending());
  }

  @Test
  void theKindsDoNotShareTheirPlaces() {
    Admission admission = clock.admission(new SimpleMeterRegistry());
    Gate writes = admission.gate(Kind.WRITE);
    while (writes.enter() != null) {
      // Takes them all.
    }
    assertNotNull(admission.gate(Kind.COLD_READ).enter());
  }

  private void fill() {
    while (begun.size() < gate.limit()) {
      admit(-begun.size());
    }
  }

  /** Has more arrive than is answered for longer than a burst. */
  private void overload() {
    for (int ms = 0; ms < 200; ms += 5) {
      fill();
      admit(0);
      admit(0);
      clock.pass(5);
      answer(1);
    }
    fill();
    assertTrue(shed("late") > 0);
  }

  private Future<Integer> admit(int number) {
    return gate.admit(
        () -> {
          order.add(number);
          Promise<Integer> answer = Promise.promise();
          begun.add(answer);
          return answer.future();
        });
  }

  private void answer(int count) {
    for (int i = 0; i < count && !begun.isEmpty(); i++) {
      begun.remove().complete(0);
    }
  }

  private double shed(String reason) {
    return registry.get("canvas.shed").tags("kind", KIND.tag(), "reason", reason).counter().count();
  }

  private static void assertRefused(Future<?> answer) {
    assertTrue(answer.failed());
    assertEquals(Problem.UNAVAILABLE, ((ProblemException) answer.cause()).problem());
  }
}
