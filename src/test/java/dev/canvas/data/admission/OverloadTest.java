package dev.canvas.data.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A simulated event loop and store, of which more is asked than they can do. */
class OverloadTest {

  /** What a request costs the loop, in ns, and then what it costs to refuse or to answer it. */
  private static final long RECEIVE = 10_000;

  private static final long REFUSE = 5_000;
  private static final long ANSWER = 60_000;

  /** What a turn costs the loop, in ns. */
  private static final long TURN = 1_000;

  private static final long SECOND = 1_000_000_000;
  private static final long STORE_DELAY = 1_000_000;

  private final FakeClock clock = new FakeClock();
  private final Gate gate = clock.admission(new SimpleMeterRegistry()).gate(Kind.COLD_READ);

  private record Asked(long readyNanos, Promise<Void> answer) {}

  /** What the store is doing, in the order in which it will be done. */
  private final Deque<Asked> asked = new ArrayDeque<>();

  private final List<Long> servedNanos = new ArrayList<>();
  private final List<Long> refusedNanos = new ArrayList<>();
  private long storeNanos;
  private long freeNanos;
  private long nextNanos;
  private long cost;

  @Test
  void belowThePeakNobodyIsRefused() {
    storeNanos = SECOND / 5_000;
    run(3_000, 5);
    assertEquals(0, refusedNanos.size());
  }

  @Test
  void aStoreOfWhichThreeTimesTooMuchIsAskedDoesAllThatItCan() {
    storeNanos = SECOND / 5_000;
    run(15_000, 1);
    forget();
    run(15_000, 10);
    assertTrue(servedNanos.size() >= 0.95 * 50_000, "" + servedNanos.size());
    assertInTime(40, 10);
    recover(3_000);
  }

  @Test
  void aLoopOfWhichThreeTimesTooMuchIsAskedDoesNearlyAllThatItCan() {
    storeNanos = SECOND / 100_000;
    long peak = SECOND / (RECEIVE + ANSWER);
    long left = SECOND - 3 * peak * (RECEIVE + REFUSE);
    run(3 * peak, 1);
    forget();
    run(3 * peak, 10);
    long most = 10 * left / (ANSWER - REFUSE);
    assertTrue(servedNanos.size() >= 0.9 * most, servedNanos.size() + " of " + most);
    // A loop that took on less would refuse sooner, and do less than it can.
    assertInTime(100, 45);
    recover(peak / 2);
  }

  @Test
  void aStoreThatBecomesTenTimesSlowerIsNotAskedForMore() {
    storeNanos = SECOND / 5_000;
    run(4_000, 2);
    storeNanos *= 10;
    run(4_000, 1);
    forget();
    run(4_000, 10);
    assertTrue(servedNanos.size() >= 0.95 * 5_000, "" + servedNanos.size());
    assertInTime(250, 10);
    storeNanos /= 10;
    recover(4_000);
  }

  private void assertInTime(long servedMs, long refusedMs) {
    assertTrue(p99(servedNanos) <= servedMs * 1_000_000, p99(servedNanos) + " ns to answer");
    assertTrue(p99(refusedNanos) <= refusedMs * 1_000_000, p99(refusedNanos) + " ns to refuse");
  }

  /** After five seconds nobody is refused any more. */
  private void recover(long perSecond) {
    run(perSecond, 5);
    forget();
    run(perSecond, 5);
    assertEquals(0, refusedNanos.size());
  }

  private void forget() {
    servedNanos.clear();
    refusedNanos.clear();
  }

  private static long p99(List<Long> nanos) {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return sorted.get(sorted.size() * 99 / 100);
  }

  /** Lets requests arrive at a rate, and the loop turn. */
  private void run(long perSecond, int seconds) {
    long interval = SECOND / perSecond;
    long end = clock.nanoTime() + seconds * SECOND;
    nextNanos = clock.nanoTime();
    while (clock.nanoTime() < end) {
      long now = clock.nanoTime();
      cost += TURN;
      while (!asked.isEmpty() && asked.peek().readyNanos <= now) {
        asked.remove().answer.complete();
      }
      for (; nextNanos <= now; nextNanos += interval) {
        receive(nextNanos);
      }
      long event = asked.isEmpty() ? nextNanos : Math.min(nextNanos, asked.peek().readyNanos);
      long used = cost;
      // What the timers at the end of the turn cost belongs to the next.
      cost = 0;
      clock.turnNanos(Math.max(used, Math.min(event - now, 1_000_000)), used);
    }
  }

  private void receive(long sentNanos) {
    cost += RECEIVE;
    gate.admit(this::ask)
        .onComplete(
            served -> {
              cost += ANSWER;
              servedNanos.add(clock.nanoTime() + cost - sentNanos);
            },
            refused -> {
              cost += REFUSE;
              refusedNanos.add(clock.nanoTime() + cost - sentNanos);
            });
  }

  private Future<Void> ask() {
    freeNanos = Math.max(clock.nanoTime(), freeNanos) + storeNanos;
    Promise<Void> answer = Promise.promise();
    asked.add(new Asked(freeNanos + STORE_DELAY, answer));
    return answer.future();
  }
}
