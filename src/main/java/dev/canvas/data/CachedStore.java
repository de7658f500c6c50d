package dev.canvas.data;

import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.MinimumVersions;
import dev.canvas.data.cache.NearCache;
import dev.canvas.data.read.ReadMetrics;
import dev.canvas.data.read.ReadResult;
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
import java.util.List;

/**
 * The media of one event loop's data verticle: reads come from the near cache, else {@link
 * ReadThrough} the cache from the store; writes go to {@link GroupCommit}.
 *
 * <p>Belongs to one event loop.
 */
final class CachedStore implements MediaService {

  private final NearCache near;
  private final Cache cache;
  private final Store store;
  private final ReadThrough reads;
  private final GroupCommit writes;
  private final ReadMetrics metrics;

  CachedStore(
      Vertx vertx,
      NearCache near,
      Cache cache,
      Store store,
      MinimumVersions floors,
      GroupCommit writes,
      ReadMetrics metrics) {
    this.near = near;
    this.cache = cache;
    this.store = store;
    this.reads = new ReadThrough(vertx, cache, store, floors, metrics);
    this.writes = writes;
    this.metrics = metrics;
  }

  @Override
  public Future<Lookup> get(ProductId productId) {
    String space = cache.space();
    Future<Lookup> here = near.get(productId, space);
    if (here != null) {
      metrics.handle(here);
      return here;
    }
    long ticket = near.ticket(productId);
    return reads.read(productId).map(found -> remembered(found, ticket, space)).onComplete(metrics);
  }

  @Override
  public Future<List<Lookup>> batch(List<ProductId> productIds) {
    List<Future<Lookup>> lookups = productIds.stream().map(this::get).toList();
    return Future.all(lookups).map(done -> lookups.stream().map(Future::result).toList());
  }

  @Override
  public Future<List<Lookup>> page(ProductId from, int limit) {
    return store
        .page(from, limit)
        .map(rows -> rows.stream().map(row -> row.from(store.source().bypass())).toList());
  }

  @Override
  public Future<Written> write(Change change) {
    return writes.write(change);
  }

  @Override
  public Future<List<Outcome>> writeAll(List<Change> changes) {
    return writes.writeAll(changes);
  }

  @Override
  public Future<MediaService.Tiers> tiers() {
    return Future.succeededFuture(new MediaService.Tiers(cache.isUp(), store.isUp()));
  }

  private Lookup remembered(ReadResult found, long ticket, String space) {
    if (found.source() == AnswerSource.REDIS) {
      near.put(found.row(), ticket, space);
    } else {
      near.seen(found.row());
    }
    return found.lookup();
  }
}
