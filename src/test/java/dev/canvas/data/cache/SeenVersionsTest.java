package dev.canvas.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.ProductId;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeenVersionsTest {

  private static final ProductId ID = new ProductId(0);

  private long now = Long.MIN_VALUE + 1;
  private final SeenVersions seen = new SeenVersions(() -> now);

  @Test
  void aProductThatWasNotReadHasNoVersion() {
    assertEquals(0, seen.latest(ID));
    seen.record(new ProductId(1), 7);
    assertEquals(0, seen.latest(ID));
  }

  @Test
  void theHighestVersionIsKept() {
    seen.record(ID, 7);
    seen.record(ID, 6);
    assertEquals(7, seen.latest(ID));
    seen.record(ID, 8);
    assertEquals(8, seen.latest(ID));
  }

  @Test
  void aVersionExpiresTwoSecondsAfterTheLastRead() {
    seen.record(ID, 7);
    now += SeenVersions.LIFE.toNanos() - 1;
    assertEquals(7, seen.latest(ID));
    seen.record(ID, 7);
    now += SeenVersions.LIFE.toNanos() - 1;
    assertEquals(7, seen.latest(ID));
    now++;
    assertEquals(0, seen.latest(ID));
  }

  @Test
  void anExpiredVersionIsNotRevivedByALowerOne() {
    seen.record(ID, 7);
    now += SeenVersions.LIFE.toNanos();
    seen.record(ID, 5);
    assertEquals(5, seen.latest(ID));
  }

  @Test
  void aHundredThousandProductsAreRemembered() {
    long[] ids = new Random(1).longs(100_000, 0, ProductId.MAX).toArray();
    for (long id : ids) {
      seen.record(new ProductId(id), 7);
      now++;
    }
    long forgotten = LongStream.of(ids).filter(id -> seen.latest(new ProductId(id)) != 7).count();
    assertTrue(forgotten <= 20, forgotten + " were evicted");
  }

  @Test
  void ifASetIsFullTheProductReadLongestAgoIsEvicted() {
    for (long id = 0; id < 2_000_000; id++) {
      seen.record(new ProductId(id), 7);
      now++;
    }
    assertEquals(0, seen.latest(ID));
    assertEquals(7, seen.latest(new ProductId(1_999_999)));
  }
}
