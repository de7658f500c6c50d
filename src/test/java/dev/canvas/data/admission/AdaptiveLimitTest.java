package dev.canvas.data.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {

  private static final Kind KIND = Kind.COLD_READ;

  private final AdaptiveLimit limit = new AdaptiveLimit(KIND);

  @Test
  void itRisesWhileAllOfItIsUsedAndAnswersAreInTime() {
    windows(100, 10);
    assertTrue(limit.value() > 2 * KIND.initial(), "" + limit.value());
  }

  @Test
  void itDoesNotRiseUnused() {
    for (int i = 0; i < 100; i++) {
      limit.used(1);
      limit.took(1);
      limit.adapt(0);
    }
    assertEquals(KIND.initial(), limit.value());
  }

  @Test
  void itFindsWhatAStoreCanAnswerInTime() {
    // A store that answers four reads per ms, one after the other.
    for (int i = 0; i < 200; i++) {
      limit.used(limit.value());
      limit.took(limit.value() / 4);
      limit.adapt(0);
    }
    assertTrue(limit.value() >= 4 * KIND.targetMs(), "" + limit.value());
    assertTrue(limit.value() <= 5 * KIND.targetMs(), "" + limit.value());
  }

  @Test
  void aLongOverloadDoesNotMakeItForgetWhatIsNormal() {
    for (int i = 0; i < 10_000; i++) {
      limit.used(limit.value());
      limit.took(limit.value());
      limit.adapt(0);
    }
    assertTrue(limit.value() < 2 * KIND.targetMs(), "" + limit.value());
  }

  @Test
  void itFallsToItsMinimumAndNoFurtherAndIsBackWithinFiveSeconds() {
    windows(50, 10_000);
    assertTrue(limit.value() < KIND.initial() / 2, "" + limit.value());
    assertTrue(limit.value() >= KIND.min(), "" + limit.value());
    windows(50, 5);
    assertTrue(limit.value() >= KIND.initial() / 2, "" + limit.value());
  }

  @Test
  void itIsBackAtItsStartAfterARest() {
    windows(10, 10_000);
    for (int i = 0; i < 20; i++) {
      limit.adapt(0);
    }
    assertTrue(limit.value() >= KIND.initial() - 1, "" + limit.value());
  }

  @Test
  void aStoreThatIsFarAwayIsNotTakenForAnOverloadedOne() {
    // 70 ms, however much is asked of it.
    windows(200, 70);
    assertTrue(limit.value() > 4 * KIND.min(), "" + limit.value());
  }

  @Test
  void aLoopThatIsLateByItsOwnWorkTakesOnLessExpensiveWork() {
    AdaptiveLimit hot = new AdaptiveLimit(Kind.HOT_READ);
    for (int i = 0; i < 50; i++) {
      limit.used(limit.value());
      limit.took(5);
      limit.adapt(50);
      hot.used(hot.value());
      hot.took(5);
      hot.adapt(50);
    }
    assertTrue(limit.value() <= KIND.initial() * 2 / 3, "" + limit.value());
    assertTrue(hot.value() >= Kind.HOT_READ.initial(), "" + hot.value());
  }

  @Test
  void failuresLeaveItAsItIs() {
    for (int i = 0; i < 50; i++) {
      limit.adapt(0);
    }
    assertEquals(KIND.initial(), limit.value());
  }

  private void windows(int count, long tookMs) {
    for (int i = 0; i < count; i++) {
      limit.used(limit.value());
      limit.took(tookMs);
      limit.adapt(0);
    }
  }
}
