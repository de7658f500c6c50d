package dev.canvas.data.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.canvas.data.store.Row;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The newest products of this process's readers, in its own memory (W-TinyLFU, bounded by bytes).
 * It answers only while it hears of every change: while the messages that this process sends itself
 * through Redis, on the channel where the write scripts tell of changes, come back. Thread-safe.
 *
 * <p>A read that wants to put its result in takes a {@link #ticket} before it asks Redis. The
 * ticket is void as soon as anybody hears of a change of the product, or has read it otherwise:
 * what was in flight then may be old.
 */
public final class NearCache {

  /** A node that hears nothing for so long does not answer from here. */
  static final Duration HEARING = Duration.ofMillis(500);

  private static final int STRIPES = 1 << 14;

  /** What an entry takes beside its document: ids, records, the cache's own nodes. */
  private static final int ENTRY_BYTES = 300;

  private record Near(long version, Lookup lookup, Future<Lookup> answer) {}

  private final boolean enabled;
  private final Cache<ProductId, Near> entries;
  private final AtomicIntegerArray stripes = new AtomicIntegerArray(STRIPES);
  private final AtomicInteger epoch = new AtomicInteger();
  private volatile Hearing hearing = new Hearing(null, 0);

  /** The last message of this process that came back: where it was sent, and when at the latest. */
  private record Hearing(String space, long untilNanos) {}

  public NearCache(NearSettings settings) {
    this.enabled = settings.enabled();
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(settings.maxBytes())
            .weigher((ProductId id, Near near) -> weight(near))
            .expireAfterWrite(settings.ttl().toNanos(), TimeUnit.NANOSECONDS)
            .executor(Runnable::run)
            .build();
  }

  public boolean isEnabled() {
    return enabled;
  }

  /**
   * The product, if it is here.
   *
   * @param space the part of Redis that the caller reads; null where it reads none
   * @return null if it is not
   */
  public Future<Lookup> get(ProductId productId, String space) {
    if (!hears(space)) {
      return null;
    }
    Near near = entries.getIfPresent(productId);
    return near == null ? null : near.answer;
  }

  /** What {@link #put} wants, taken before Redis is asked. */
  public long ticket(ProductId productId) {
    return ticket(stripe(productId));
  }

  /**
   * Puts a value of Redis in, if its ticket is still good. If it is not, what is older goes all the
   * same: the message of a change may come here later than a reader who has seen it.
   */
  public void put(Row row, long ticket, String space) {
    if (!enabled) {
      return;
    }
    int stripe = stripe(row.productId());
    if (ticket != ticket(stripe) || !hears(space)) {
      seen(row);
      return;
    }
    Lookup lookup = row.from(AnswerSource.NEAR);
    Near near = new Near(row.version(), lookup, Future.succeededFuture(lookup));
    entries
        .asMap()
        .compute(
            row.productId(),
            (id, there) -> {
              if (there != null && there.version >= near.version) {
                return there;
              }
              // Looked at here, as an invalidation waits for this to end before it removes.
              return ticket == ticket(stripe) ? near : null;
            });
    stripes.incrementAndGet(stripe);
  }

  /** Somebody has read the product elsewhere, so that what is here and in flight may be older. */
  public void seen(Row row) {
    if (!enabled) {
      return;
    }
    stripes.incrementAndGet(stripe(row.productId()));
    Near there = entries.getIfPresent(row.productId());
    if (there == null || there.version < row.version()) {
      // Waits for a put that has looked at its ticket already, which a mere look would miss.
      entries
          .asMap()
          .compute(
              row.productId(),
              (id, now) -> now == null || now.version < row.version() ? null : now);
    }
  }

  /** The product has changed, or is about to. */
  public void invalidate(ProductId productId) {
    stripes.incrementAndGet(stripe(productId));
    entries.invalidate(productId);
  }

  /** Nothing is certain: messages may have been missed. */
  void reset() {
    hearing = new Hearing(null, 0);
    epoch.incrementAndGet();
    entries.invalidateAll();
  }

  /**
   * A message of this process came back, and with it all that were sent before it.
   *
   * @param space where
   * @param sentNanos when it was sent, by {@link System#nanoTime}
   */
  void heard(String space, long sentNanos) {
    if (!enabled) {
      return;
    }
    if (!hears(space)) {
      // What was read while nobody listened may be old.
      reset();
    }
    hearing = new Hearing(space, sentNanos + HEARING.toNanos());
  }

  /** How many products are here, about. */
  public long size() {
    return entries.estimatedSize();
  }

  private boolean hears(String space) {
    Hearing now = hearing;
    return now.space != null && now.space.equals(space) && System.nanoTime() - now.untilNanos < 0;
  }

  private long ticket(int stripe) {
    return ((long) epoch.get() << 32) | (stripes.get(stripe) & 0xffff_ffffL);
  }

  private static int stripe(ProductId productId) {
    return (int) ((productId.value() * 0x9E37_79B9_7F4A_7C15L) >>> 50);
  }

  private static int weight(Near near) {
    return ENTRY_BYTES + near.lookup.media().map(media -> media.document().length()).orElse(0);
  }
}
