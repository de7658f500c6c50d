package dev.canvas.data.store;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.ProductId;
import dev.canvas.trace.CallSpans;
import io.vertx.core.Future;
import java.util.List;

/** Records reads as spans of their requests. Belongs to one event loop. */
public final class TracedStore implements Store {

  private final Store store;
  private final CallSpans spans;
  private final String system;

  private TracedStore(Store store, CallSpans spans) {
    this.store = store;
    this.spans = spans;
    this.system = store.source() == AnswerSource.POSTGRES ? "postgresql" : store.source().tier();
  }

  /** The store itself, if nothing is traced. */
  public static Store of(Store store, CallSpans spans) {
    return spans.isOn() ? new TracedStore(store, spans) : store;
  }

  @Override
  public Future<Row> select(ProductId productId) {
    return spans.call(selectOf(productId), () -> store.select(productId));
  }

  @Override
  public Future<Row> selectForChange(ProductId productId) {
    return spans.call(selectOf(productId), () -> store.selectForChange(productId));
  }

  private CallSpans.Call selectOf(ProductId productId) {
    return new CallSpans.Call(system, "select", Long.toString(productId.value()));
  }

  @Override
  public Future<List<Row>> page(ProductId from, int limit) {
    return spans.call(new CallSpans.Call(system, "page", ""), () -> store.page(from, limit));
  }

  @Override
  public Future<Void> connect() {
    return store.connect();
  }

  @Override
  public boolean isUp() {
    return store.isUp();
  }

  @Override
  public AnswerSource source() {
    return store.source();
  }

  @Override
  public Future<Generation> holdGeneration() {
    return store.holdGeneration();
  }

  @Override
  public Future<Void> releaseGeneration() {
    return store.releaseGeneration();
  }

  @Override
  public void expect(long generation) {
    store.expect(generation);
  }

  @Override
  public CacheTrust cacheTrust() {
    return store.cacheTrust();
  }

  @Override
  public Future<List<CommittedVersion>> unrelayed() {
    return store.unrelayed();
  }

  @Override
  public void close() {
    store.close();
  }
}
