package dev.canvas.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlightLimitTest {

  private static final String FIRST = "canvas:run:1";
  private static final String EMPTY = "canvas:another:1";

  private long now = Long.MAX_VALUE - 1;
  private final FlightLimit limit = new FlightLimit(() -> now);

  @Test
  void theRedisThatIsThereAtFirstIsFilledAtOnce() {
    assertEquals(FlightLimit.MOST, limit.in(FIRST));
  }

  @Test
  void oneThatCameBackEmptyIsFilledByMoreAndMore() {
    limit.in(FIRST);
    assertEquals(4, limit.in(EMPTY));
    later(1_000);
    assertEquals(14, limit.in(EMPTY));
    later(11_300);
    assertEquals(127, limit.in(EMPTY));
    later(100);
    assertEquals(FlightLimit.MOST, limit.in(EMPTY));
    later(3_600_000);
    assertEquals(FlightLimit.MOST, limit.in(EMPTY));
  }

  @Test
  void oneThatStalledAndHasItsKeysIsAsBefore() {
    limit.in(FIRST);
    assertEquals(FlightLimit.MOST, limit.in(null));
    assertEquals(FlightLimit.MOST, limit.in(FIRST));
  }

  @Test
  void aSecondLossBeginsAnew() {
    limit.in(FIRST);
    limit.in(EMPTY);
    later(60_000);
    limit.in(EMPTY);
    assertEquals(4, limit.in("canvas:third:1"));
  }

  private void later(long ms) {
    now += TimeUnit.MILLISECONDS.toNanos(ms);
  }
}
