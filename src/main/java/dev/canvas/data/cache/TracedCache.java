package dev.canvas.data.cache;

import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import dev.canvas.trace.CallSpans;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Records the calls of a read as spans of its request. The calls of a write serve a group of
 * requests, so they belong to none. Belongs to one event loop.
 */
public final class TracedCache implements Cache {

  private final Cache cache;
  private final CallSpans spans;

  private TracedCache(Cache cache, CallSpans spans) {
    this.cache = cache;
    this.spans = spans;
  }

  /** The cache itself, if nothing is traced. */
  public static Cache of(Cache cache, CallSpans spans) {
    return spans.isOn() ? new TracedCache(cache, spans) : cache;
  }

  @Override
  public Future<Entry> read(ProductId productId) {
    return spans.call(call("read", productId), () -> cache.read(productId));
  }

  @Override
  public Future<Entry> lease(ProductId productId, String token) {
    return spans.call(call("lease", productId), () -> cache.lease(productId, token));
  }

  @Override
  public Future<Boolean> fill(Row row, String token) {
    return spans.call(call("fill", row.productId()), () -> cache.fill(row, token));
  }

  private static CallSpans.Call call(String operation, ProductId productId) {
    return new CallSpans.Call("redis", operation, Long.toString(productId.value()));
  }

  @Override
  public Future<Void> connect() {
    return cache.connect();
  }

  @Override
  public boolean isUp() {
    return cache.isUp();
  }

  @Override
  public boolean isRefused() {
    return cache.isRefused();
  }

  @Override
  public String keyPrefix() {
    return cache.keyPrefix();
  }

  @Override
  public Future<Set<ProductId>> fence(List<ProductId> productIds, String token) {
    return cache.fence(productIds, token);
  }

  @Override
  public Future<Void> install(Collection<Installation> installations, String token) {
    return cache.install(installations, token);
  }

  @Override
  public Future<Void> repair(List<CommittedVersion> changes) {
    return cache.repair(changes);
  }

  @Override
  public void close() {
    cache.close();
  }
}
