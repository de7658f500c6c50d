package dev.canvas.data.read;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.Entry;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.StoredVersion;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks in production that cached answers are not stale: compares a sample of them with the store,
 * counts those that are stale ({@code canvas.stale.reads}), and removes what is stale from the
 * caches.
 *
 * <p>A cached answer may be older than the store for a moment without being stale: a write is
 * confirmed only after the caches know of it. So an answer that differs from the store is only
 * suspected. {@link #GRACE} later, when the write that the store showed must have been confirmed,
 * the caches are asked again: if they still have another version than the store <em>had then</em>,
 * and not a newer one that the store has now, the answer is stale by at least that time. After the
 * caches have been corrected they are asked once more, {@link #PERSISTED} after the first
 * suspicion.
 *
 * <p>It reads versions only, over the connection of bulk imports, so that no reader waits for it,
 * and at most {@value #MAX_SAMPLES} products at once. Belongs to one event loop.
 */
public final class HitVerifier {

  /** Longer than a write is unconfirmed and another node's near cache may be behind. */
  static final Duration GRACE = Duration.ofSeconds(1);

  /** Something keeps bringing the stale version back. */
  static final Duration PERSISTED = Duration.ofSeconds(10);

  private static final int EVERY_MS = 100;
  private static final int MAX_SAMPLES = 500;
  private static final Logger LOG = LoggerFactory.getLogger(HitVerifier.class);

  /** The version of an answer that the product has no media. */
  private static final long ABSENT = -1;

  /** An answer from a cache. */
  private record Hit(AnswerSource source, long version) {

    boolean fits(StoredVersion stored) {
      return version == ABSENT ? !stored.present() : version == stored.version();
    }
  }

  private final Vertx vertx;
  private final NearCache near;
  private final Cache cache;
  private final BulkStore store;
  private final MeterRegistry registry;
  private final Counter verified;

  /** Every so many hits one is verified; 0 for none. */
  private final int every;

  private final Map<ProductId, Hit> samples = new HashMap<>();

  /** The products that are suspected of being stale. */
  private final Set<ProductId> suspects = new HashSet<>();

  private final long timer;
  private int hits;
  private boolean comparing;

  /**
   * Must be called on the event loop.
   *
   * @param share of the hits that is verified, from 0 to 1
   */
  public HitVerifier(
      Vertx vertx,
      NearCache near,
      Cache cache,
      BulkStore store,
      MeterRegistry registry,
      double share) {
    this.vertx = vertx;
    this.near = near;
    this.cache = cache;
    this.store = store;
    this.registry = registry;
    this.every = share == 0 ? 0 : (int) Math.round(1 / share);
    this.verified =
        Counter.builder("canvas.verified.reads")
            .description("Cached answers that were compared with the store")
            .register(registry);
    stale(AnswerSource.NEAR, GRACE);
    stale(AnswerSource.REDIS, GRACE);
    this.timer = every == 0 ? -1 : vertx.setPeriodic(EVERY_MS, due -> compareSamples());
  }

  /** Sees each answer that came from a cache. */
  public void hit(Lookup answer) {
    if (every == 0 || ++hits < every) {
      return;
    }
    hits = 0;
    ProductId productId = answer.productId();
    if (samples.size() < MAX_SAMPLES && !suspects.contains(productId)) {
      long version = answer.media().map(ProductMedia::version).orElse(ABSENT);
      samples.put(productId, new Hit(answer.source(), version));
    }
  }

  /** Ends it. */
  public void close() {
    vertx.cancelTimer(timer);
  }

  private void compareSamples() {
    if (comparing || samples.isEmpty()) {
      return;
    }
    comparing = true;
    Map<ProductId, Hit> compared = Map.copyOf(samples);
    samples.clear();
    store
        .versions(List.copyOf(compared.keySet()))
        // While the store is away there is nothing to compare with.
        .onSuccess(versions -> versions.forEach(now -> compare(compared.get(now.productId()), now)))
        .onComplete(done -> comparing = false);
  }

  private void compare(Hit hit, StoredVersion stored) {
    verified.increment();
    if (!hit.fits(stored) && suspects.add(stored.productId())) {
      lookAgain(stored, GRACE);
    }
  }

  /** Looks into the caches after a while, with what the store had before it. */
  private void lookAgain(StoredVersion stored, Duration after) {
    ProductId productId = stored.productId();
    vertx
        .timer(after.toMillis())
        .compose(over -> cached(productId))
        .compose(
            found -> {
              List<Hit> wrong = found.stream().filter(one -> !one.fits(stored)).toList();
              return wrong.isEmpty()
                  ? Future.succeededFuture(wrong)
                  // A newer version is right if the store has it by now.
                  : store
                      .versions(List.of(productId))
                      .map(
                          now ->
                              wrong.stream()
                                  .filter(one -> isStale(one, stored, now.get(0)))
                                  .toList());
            })
        .onFailure(unknown -> suspects.remove(productId))
        .onSuccess(
            stale -> {
              if (stale.isEmpty()) {
                suspects.remove(productId);
              } else {
                judge(stale, stored, after);
              }
            });
  }

  private static boolean isStale(Hit found, StoredVersion then, StoredVersion now) {
    return found.version() < then.version() || found.version() > now.version();
  }

  private void judge(List<Hit> stale, StoredVersion stored, Duration after) {
    ProductId productId = stored.productId();
    stale.forEach(one -> stale(one.source(), after).increment());
    Hit worst = stale.get(0);
    LOG.warn(
        "Product {}: a cache ({}) has served version {} for {} s, while the store has version {}."
            + " It is removed from the caches.",
        productId.value(),
        worst.source(),
        worst.version(),
        after.toSeconds(),
        stored.version());
    long beyond = stale.stream().mapToLong(Hit::version).max().orElseThrow() + 1;
    near.invalidate(productId);
    cache
        .repair(List.of(new CommittedVersion(productId, Math.max(beyond, stored.version()))))
        .onComplete(
            repaired -> {
              if (after.equals(GRACE)) {
                lookAgain(stored, PERSISTED);
              } else {
                suspects.remove(productId);
              }
            });
  }

  /** What the caches would answer with now. */
  private Future<List<Hit>> cached(ProductId productId) {
    List<Hit> found = new ArrayList<>();
    near.version(productId, cache.keyPrefix())
        .ifPresent(version -> found.add(new Hit(AnswerSource.NEAR, version)));
    return cache
        .read(productId)
        .map(
            entry -> {
              if (entry instanceof Entry.Known known) {
                found.add(new Hit(AnswerSource.REDIS, known.row().version()));
              }
              return found;
            });
  }

  private Counter stale(AnswerSource tier, Duration age) {
    return Counter.builder("canvas.stale.reads")
        .description("Cached answers that were older than the store, or unknown to it")
        .tag("tier", tier.name().toLowerCase(Locale.ROOT))
        .tag("age", age.toSeconds() + "s")
        .register(registry);
  }
}
