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
  void theFirstRedisIsFilledWithoutALimit() {
    assertEquals(FlightLimit.MAX, limit.at(FIRST));
  }

  @Test
  void theLimitOfARedisThatCameBackEmptyRises() {
    limit.at(FIRST);
    assertEquals(4, limit.at(EMPTY));
    later(1_000);
    assertEquals(14, limit.at(EMPTY));
    later(11_300);
    assertEquals(127, limit.at(EMPTY));
    later(100);
    assertEquals(FlightLimit.MAX, limit.at(EMPTY));
    later(3_600_000);
    assertEquals(FlightLimit.MAX, limit.at(EMPTY));
  }

  @Test
  void aRedisThatStalledAndKeptItsKeysHasNoLowerLimit() {
    limit.at(FIRST);
    assertEquals(FlightLimit.MAX, limit.at(null));
    assertEquals(FlightLimit.MAX, limit.at(FIRST));
  }

  @Test
  void aSecondLossStartsOver() {
    limit.at(FIRST);
    limit.at(EMPTY);
    later(60_000);
    limit.at(EMPTY);
    assertEquals(4, limit.at("canvas:third:1"));
  }

  private void later(long ms) {
    now += TimeUnit.MILLISECONDS.toNanos(ms);
  }
}
