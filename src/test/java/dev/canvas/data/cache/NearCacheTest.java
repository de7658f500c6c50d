package dev.canvas.data.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.canvas.data.store.Row;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NearCacheTest {

  private static final ProductId ID = new ProductId(42);
  private static final String HERE = "canvas:run:1";

  private final NearCache near =
      new NearCache(new CacheSettings.Near(true, 100_000, Duration.ofMinutes(1)));

  @BeforeEach
  void extendValidity() {
    near.extend(HERE, System.nanoTime());
  }

  @Test
  void aCachedProductIsAnsweredFromTheNearCache() {
    near.put(row(7), near.ticket(ID), HERE);
    assertEquals(AnswerSource.NEAR, near.get(ID, HERE).result().source());
    assertEquals(7, version());
  }

  @Test
  void aValueInFlightDuringAnInvalidationIsNotCached() {
    long ticket = near.ticket(ID);
    near.invalidate(ID);
    near.put(row(7), ticket, HERE);
    assertNull(near.get(ID, HERE));
  }

  @Test
  void aValueInFlightWhileTheProductIsReadElsewhereIsNotCached() {
    long ticket = near.ticket(ID);
    near.observe(row(7));
    near.put(row(7), ticket, HERE);
    assertNull(near.get(ID, HERE));
  }

  @Test
  void aValueOlderThanOneReadElsewhereIsRemoved() {
    near.put(row(7), near.ticket(ID), HERE);
    near.observe(row(7));
    assertEquals(7, version());
    near.observe(row(8));
    assertNull(near.get(ID, HERE));
  }

  /** Runs many rounds, because only a put between its last check and its store could go wrong. */
  @Test
  void aPutDuringANewerReadElsewhereIsNotAnsweredAfterwards() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      for (long id = 0; id < 50_000; id++) {
        ProductId productId = new ProductId(id);
        Row old = row(productId, 7);
        CyclicBarrier together = new CyclicBarrier(2);
        Future<?> put =
            other.submit(
                () -> {
                  long ticket = near.ticket(productId);
                  together.await();
                  near.put(old, ticket, HERE);
                  return null;
                });
        together.await();
        near.observe(row(productId, 8));
        put.get();
        assertNull(near.get(productId, HERE));
      }
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void anOlderVersionDoesNotReplaceANewerOne() {
    long slow = near.ticket(ID);
    near.put(row(8), near.ticket(ID), HERE);
    near.put(row(7), slow, HERE);
    near.put(row(7), near.ticket(ID), HERE);
    assertEquals(8, version());
  }

  @Test
  void anInvalidationRemovesTheProduct() {
    near.put(row(7), near.ticket(ID), HERE);
    near.invalidate(ID);
    assertNull(near.get(ID, HERE));
  }

  @Test
  void aCallerWithAnotherKeyPrefixOrNoneGetsNoAnswer() {
    near.put(row(7), near.ticket(ID), HERE);
    assertNull(near.get(ID, "canvas:another:1"));
    assertNull(near.get(ID, null));
    near.put(row(7), near.ticket(ID), "canvas:another:1");
    assertEquals(7, version());
  }

  @Test
  void aValueOlderThanOneReadUnderAnotherKeyPrefixIsRemoved() {
    near.put(row(7), near.ticket(ID), HERE);
    near.put(row(8), near.ticket(ID), "canvas:another:1");
    assertNull(near.get(ID, HERE));
  }

  @Test
  void aValueOlderThanOneWithAVoidTicketIsRemoved() {
    long before = near.ticket(ID);
    near.put(row(7), near.ticket(ID), HERE);
    // A reader got a newer value from Redis before its invalidation arrived here.
    near.put(row(8), before, HERE);
    assertNull(near.get(ID, HERE));
  }

  @Test
  void aValueInFlightWhileANewerOneWithAVoidTicketArrivesIsNotCached() {
    long before = near.ticket(ID);
    near.invalidate(ID);
    long slow = near.ticket(ID);
    near.put(row(8), before, HERE);
    near.put(row(7), slow, HERE);
    assertNull(near.get(ID, HERE));
  }

  @Test
  void withoutPingsItDoesNotAnswer() {
    near.put(row(7), near.ticket(ID), HERE);
    near.extend(HERE, System.nanoTime() - NearCache.VALIDITY.toNanos());
    assertNull(near.get(ID, HERE), "the last ping that came back is too old");
    near.put(row(7), near.ticket(ID), HERE);
    near.extend(HERE, System.nanoTime());
    assertNull(near.get(ID, HERE), "values from before the gap are gone");
  }

  @Test
  void aValueInFlightDuringAGapIsNotCached() {
    near.reset();
    long ticket = near.ticket(ID);
    near.extend(HERE, System.nanoTime());
    near.put(row(7), ticket, HERE);
    assertNull(near.get(ID, HERE));
    near.put(row(7), near.ticket(ID), HERE);
    assertNotNull(near.get(ID, HERE));
  }

  @Test
  void itsSizeIsBounded() {
    for (long id = 0; id < 10_000; id++) {
      ProductId productId = new ProductId(id);
      near.put(row(productId, 1), near.ticket(productId), HERE);
    }
    assertEquals(0, near.size() / 333, "at least 300 bytes for each product");
  }

  @Test
  void aDisabledNearCacheNeverAnswers() {
    NearCache off = new NearCache(new CacheSettings.Near(false, 100_000, Duration.ofMinutes(1)));
    off.extend(HERE, System.nanoTime());
    off.put(row(7), off.ticket(ID), HERE);
    assertNull(off.get(ID, HERE));
  }

  private long version() {
    return near.get(ID, HERE).result().required().version();
  }

  private static Row row(long version) {
    return row(ID, version);
  }

  private static Row row(ProductId productId, long version) {
    return new Row(
        productId,
        version,
        Optional.of(ProductMedia.splice(productId, version, Buffer.buffer("[]"))));
  }
}
