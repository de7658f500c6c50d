package dev.canvas.data.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.canvas.data.store.Row;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The products that this process reads most, in its own memory, so that reading them costs no round
 * trip. All event loops of the process share one instance. Thread-safe.
 *
 * <h2>What it promises</h2>
 *
 * <ul>
 *   <li>After this process has confirmed a write, it never answers with the state before it: the
 *       writer invalidates the product here before it answers.
 *   <li>After a reader of this process got a version from Redis or the store, no later read here
 *       returns an older one: see {@link #observe}.
 *   <li>A write confirmed by another process is missed for less than {@link #VALIDITY}.
 * </ul>
 *
 * <h2>Validity</h2>
 *
 * The scripts in Redis publish the id of every product that they fence, install or repair, and
 * {@link InvalidationListener} hands each to {@link #invalidate}. Pub/sub is at most once, so
 * silence proves nothing. Therefore the process publishes a ping on the same channel some ten times
 * a second. Redis delivers the messages of a channel in order, so when the ping comes back, every
 * change published before it has been handled here. {@link #extend} then lets the cache answer
 * until {@code VALIDITY} after the ping was <em>sent</em>. If pings stop coming back, for whatever
 * reason (a lost connection, a stalled event loop, a frozen Redis), validity ends by the clock
 * alone, and no code has to run for it. If the cause is known it ends at once ({@link #reset}).
 * Messages may have been missed during a gap, so the first ping after one empties the cache.
 *
 * <p>Validity is bound to a key prefix, which names the run of the Redis server and the generation
 * of the catalogue. A caller whose own connection uses another prefix, or none, gets no answer.
 * After a switch of the catalogue the ping fails, because publishing checks {@link
 * GenerationMarker}. The switch itself waits until validity must have ended everywhere ({@link
 * RedisCatalogueSwitch}).
 *
 * <h2>Tickets</h2>
 *
 * Only values from Redis are cached, and one that was in flight while its product changed must not
 * be. So a reader takes a {@link #ticket} before it reads Redis, and {@link #put} accepts the value
 * only if the ticket is still current. Tickets are counters in 16,384 stripes of products, plus an
 * epoch that {@link #reset} advances. Two products in one stripe can void each other's tickets,
 * which costs a miss and nothing else. Each of these voids the tickets of a product:
 *
 * <ul>
 *   <li>an invalidation, whether by this process's writer or by a message;
 *   <li>a reader who got the product elsewhere, as what is in flight may be older than that;
 *   <li>a put: a slower reader may hold an older value, and the newer one may be evicted before the
 *       older arrives.
 * </ul>
 *
 * An invalidation first advances the counter, then removes the entry. A put compares the counter
 * again inside {@code compute}, which locks the entry. So either the put sees the new counter, or
 * the removal waits for the put and removes what it stored; the order of the two steps matters.
 *
 * <h2>Writers without a fence</h2>
 *
 * While Redis is unreachable a write cannot be announced there, and Redis may still hold the old
 * value when it returns. The writer raises {@link MinimumVersions} <em>before</em> it invalidates
 * here. A read that takes its ticket after the invalidation therefore rejects the old value, and
 * never offers it to this cache.
 *
 * <h2>Eviction</h2>
 *
 * Caffeine's W-TinyLFU (Einziger, Friedman and Manes, TinyLFU, ACM ToS 2017), bounded by bytes,
 * with a fixed life that bounds the damage of a fault that is not listed here. Maintenance runs on
 * the calling thread.
 *
 * <p>Decisions: {@code docs/adr/0007-minimum-versions-per-process.md}, {@code
 * docs/adr/0011-loading-and-switching-the-catalogue.md}. Held to by {@code NearCacheTest}, {@code
 * NearCacheIT} and the mutants {@code NO_INVALIDATIONS} and {@code INSTALL_PUBLISHES_NOTHING} of
 * {@code MutantsIT}.
 */
public final class NearCache {

  /** How long the cache may answer after a ping was sent that came back. */
  static final Duration VALIDITY = Duration.ofMillis(500);

  private static final int STRIPES = 1 << 14;

  /** What an entry takes besides its document: ids, records, the cache's own nodes. */
  private static final int ENTRY_BYTES = 300;

  private record Near(long version, Lookup lookup, Future<Lookup> answer) {}

  private record Validity(String keyPrefix, long untilNanos) {}

  private final boolean enabled;
  private final Cache<ProductId, Near> entries;
  private final AtomicIntegerArray stripes = new AtomicIntegerArray(STRIPES);
  private final AtomicInteger epoch = new AtomicInteger();
  private volatile Validity validity = new Validity(null, 0);

  public NearCache(CacheSettings.Near settings) {
    this.enabled = settings.enabled();
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(settings.maxBytes())
            .weigher((ProductId id, Near near) -> weight(near))
            .expireAfterWrite(settings.ttl().toNanos(), TimeUnit.NANOSECONDS)
            .executor(Runnable::run)
            .build();
  }

  /** Whether the process has a near cache at all. */
  public boolean isEnabled() {
    return enabled;
  }

  /**
   * Looks a product up.
   *
   * @param keyPrefix that the caller's connection to Redis uses; null if there is none
   * @return null if the product is not cached, or the cache is not valid now
   */
  public Future<Lookup> get(ProductId productId, String keyPrefix) {
    if (!isValid(keyPrefix)) {
      return null;
    }
    Near near = entries.getIfPresent(productId);
    return near == null ? null : near.answer;
  }

  /** The version of a cached product, also of an absence; empty where {@link #get} is null. */
  public OptionalLong version(ProductId productId, String keyPrefix) {
    Near near = isValid(keyPrefix) ? entries.getIfPresent(productId) : null;
    return near == null ? OptionalLong.empty() : OptionalLong.of(near.version);
  }

  /** A ticket for {@link #put}, to be taken before Redis is read. */
  public long ticket(ProductId productId) {
    return ticket(stripe(productId));
  }

  /**
   * Caches a value of Redis if its ticket is still current. If it is not, an older cached value is
   * removed all the same, because the message of the change may arrive after this reader.
   */
  public void put(Row row, long ticket, String keyPrefix) {
    if (!enabled) {
      return;
    }
    int stripe = stripe(row.productId());
    if (ticket != ticket(stripe) || !isValid(keyPrefix)) {
      observe(row);
      return;
    }
    Lookup lookup = row.lookup(AnswerSource.NEAR);
    Near near = new Near(row.version(), lookup, Future.succeededFuture(lookup));
    entries
        .asMap()
        .compute(
            row.productId(),
            (id, cached) -> {
              if (cached != null && cached.version >= near.version) {
                return cached;
              }
              // Compared here again, because an invalidation waits for compute before it removes.
              return ticket == ticket(stripe) ? near : null;
            });
    stripes.incrementAndGet(stripe);
  }

  /** Removes older values: a reader of this process got this row from Redis or the store. */
  public void observe(Row row) {
    if (!enabled) {
      return;
    }
    stripes.incrementAndGet(stripe(row.productId()));
    Near cached = entries.getIfPresent(row.productId());
    if (cached == null || cached.version < row.version()) {
      // Even if nothing is cached: compute waits for a put that has compared its ticket already.
      entries
          .asMap()
          .compute(
              row.productId(),
              (id, now) -> now == null || now.version < row.version() ? null : now);
    }
  }

  /** Removes a product that has changed or is about to. */
  public void invalidate(ProductId productId) {
    stripes.incrementAndGet(stripe(productId));
    entries.invalidate(productId);
  }

  /** Empties the cache and ends its validity: invalidations may have been missed. */
  void reset() {
    validity = new Validity(null, 0);
    epoch.incrementAndGet();
    entries.invalidateAll();
  }

  /**
   * Extends the validity: a ping of this process came back, and with it every invalidation that was
   * published before it.
   *
   * @param keyPrefix of the channel that it went through
   * @param sentNanos when it was sent, by {@link System#nanoTime}
   */
  void extend(String keyPrefix, long sentNanos) {
    if (!enabled) {
      return;
    }
    if (!isValid(keyPrefix)) {
      // Invalidations may have been missed since the validity ended.
      reset();
    }
    validity = new Validity(keyPrefix, sentNanos + VALIDITY.toNanos());
  }

  /** The approximate number of cached products. */
  public long size() {
    return entries.estimatedSize();
  }

  private boolean isValid(String keyPrefix) {
    Validity now = validity;
    return now.keyPrefix != null
        && now.keyPrefix.equals(keyPrefix)
        && System.nanoTime() - now.untilNanos < 0;
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
