package dev.canvas.data;

import dev.canvas.data.admission.Admission;
import dev.canvas.data.admission.Gate;
import dev.canvas.data.admission.Kind;
import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.cache.ProcessState;
import dev.canvas.data.read.HitVerifier;
import dev.canvas.data.read.ReadMetrics;
import dev.canvas.data.read.ReadThrough;
import dev.canvas.data.store.Store;
import dev.canvas.data.write.GroupCommit;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/**
 * The media service of one event loop. Reads are answered by the near cache, or else by Redis and
 * the store ({@link ReadThrough}); writes go to {@link GroupCommit}. What the near cache does not
 * answer has to be admitted ({@link Admission}).
 *
 * <p>Belongs to one event loop.
 */
final class CachedStore implements MediaService {

  private final NearCache near;
  private final Cache cache;
  private final Store store;
  private final ReadThrough reads;
  private final GroupCommit writes;
  private final Gate batches;
  private final Gate pages;
  private final ReadMetrics metrics;
  private final HitVerifier verifier;

  CachedStore(
      Vertx vertx,
      ProcessState process,
      Cache cache,
      Store store,
      GroupCommit writes,
      Admission admission,
      ReadMetrics metrics,
      HitVerifier verifier) {
    this.near = process.near();
    this.cache = cache;
    this.store = store;
    this.reads =
        new ReadThrough(vertx, cache, store, process.minimumVersions(), admission, metrics);
    this.writes = writes;
    this.batches = admission.gate(Kind.BATCH);
    this.pages = admission.gate(Kind.PAGE);
    this.metrics = metrics;
    this.verifier = verifier;
  }

  @Override
  public Future<Lookup> get(ProductId productId) {
    String keyPrefix = cache.keyPrefix();
    Future<Lookup> cached = near(productId, keyPrefix);
    return cached != null ? cached : read(productId, keyPrefix, false);
  }

  @Override
  public Future<List<Lookup>> batch(List<ProductId> productIds) {
    String keyPrefix = cache.keyPrefix();
    List<Future<Lookup>> lookups = new ArrayList<>(productIds.size());
    productIds.forEach(productId -> lookups.add(near(productId, keyPrefix)));
    return lookups.contains(null)
        ? batches.admit(() -> readMissing(productIds, lookups))
        : all(lookups);
  }

  private Future<List<Lookup>> readMissing(
      List<ProductId> productIds, List<Future<Lookup>> lookups) {
    String keyPrefix = cache.keyPrefix();
    for (int i = 0; i < lookups.size(); i++) {
      if (lookups.get(i) == null) {
        lookups.set(i, read(productIds.get(i), keyPrefix, true));
      }
    }
    return all(lookups);
  }

  private static Future<List<Lookup>> all(List<Future<Lookup>> lookups) {
    return Future.all(lookups).map(done -> lookups.stream().map(Future::result).toList());
  }

  /** What the near cache answers; null if it does not. */
  private Future<Lookup> near(ProductId productId, String keyPrefix) {
    Future<Lookup> cached = near.get(productId, keyPrefix);
    if (cached != null) {
      metrics.handle(cached);
      verifier.hit(cached.result());
    }
    return cached;
  }

  private Future<Lookup> read(ProductId productId, String keyPrefix, boolean admitted) {
    long ticket = near.ticket(productId);
    return (admitted ? reads.readAdmitted(productId) : reads.read(productId))
        .map(result -> answer(result, ticket, keyPrefix))
        .onComplete(metrics);
  }

  @Override
  public Future<List<Lookup>> page(ProductId from, int limit) {
    // Without the store it fails at once.
    return (store.isUp() ? pages.admit(() -> store.page(from, limit)) : store.page(from, limit))
        .map(rows -> rows.stream().map(row -> row.lookup(store.source().bypass())).toList());
  }

  @Override
  public Future<Written> write(Change change) {
    return writes.write(change);
  }

  @Override
  public Future<List<Outcome>> writeAll(List<Change> changes) {
    return writes.writeAll(changes);
  }

  /** Offers what was read to the near cache: a value of Redis may be kept, others only observed. */
  private Lookup answer(ReadThrough.Result result, long ticket, String keyPrefix) {
    if (result.source() == AnswerSource.REDIS) {
      near.put(result.row(), ticket, keyPrefix);
      Lookup answer = result.lookup();
      verifier.hit(answer);
      return answer;
    }
    near.observe(result.row());
    return result.lookup();
  }
}
