package dev.canvas.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.Generation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process trusts while its store is slow, or gives no answer. */
class TrustLooksTest {

  private static final Duration PERIOD = Duration.ofMillis(100);

  private final SlowTrust store = new SlowTrust();
  private long now;
  private final TrustedRedis trusted = new TrustedRedis(() -> now);
  private final TrustLooks looks = new TrustLooks(store, trusted);

  /** Its questions are answered when a test says so. */
  private static final class SlowTrust implements CacheTrust {

    private final List<Promise<Generation>> questions = new ArrayList<>();

    @Override
    public boolean isKept() {
      return true;
    }

    @Override
    public Future<Generation> generation() {
      Promise<Generation> question = Promise.promise();
      questions.add(question);
      return question.future();
    }

    @Override
    public Future<Generation> distrust() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Boolean> settle(long generation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Boolean> trust(long generation, String redis) {
      throw new UnsupportedOperationException();
    }
  }

  private void look() {
    looks.look();
    now += PERIOD.toNanos();
  }

  private void answer(int question, long generation) {
    store.questions.get(question).complete(new Generation("store", generation, "redis"));
  }

  /** The trust ended between the first and the second question; each answer takes 400 ms. */
  @Test
  void aSlowStoreTellsTheEndOfTheTrustInTime() {
    for (int i = 0; i < 4; i++) {
      look();
    }
    answer(0, 1);
    assertTrue(trusted.covers(1, "redis"));
    look();
    answer(1, 2);
    assertFalse(trusted.covers(1, "redis"), "500 ms after the trust has ended it is still used");
  }

  @Test
  void aStoreThatAnswersLateEachTimeIsNotAway() {
    looks.look();
    for (int i = 0; i < 10; i++) {
      now += Duration.ofMillis(600).toNanos();
      answer(i, 1);
      assertFalse(trusted.covers(1, "redis"), "an answer is good for 500 ms from the question");
      looks.look();
    }
  }

  @Test
  void aStoreWithoutAnAnswerLeavesWhatWasTrusted() {
    look();
    answer(0, 1);
    for (int i = 0; i < 30; i++) {
      look();
    }
    assertTrue(trusted.covers(1, "redis"));
    assertEquals(21, store.questions.size(), "questions are limited");
    answer(1, 2);
    assertFalse(trusted.covers(1, "redis"));
  }
}
