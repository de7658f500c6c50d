package dev.canvas.data.store;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A store in memory whose answers can be held, that can be unreachable, and counts its selects. */
public final class FakeStore implements Store {

  public final Map<ProductId, Row> rows = new HashMap<>();
  private final Queue<Runnable> held = new ArrayDeque<>();
  private boolean holding;
  public boolean failing;
  public long generation = 1;
  public boolean switching;
  public final String name = UUID.randomUUID().toString();
  public final List<CommittedVersion> pending = new ArrayList<>();
  public final AtomicInteger selects = new AtomicInteger();

  public void put(ProductId productId, long version) {
    rows.put(
        productId,
        new Row(
            productId,
            version,
            Optional.of(ProductMedia.splice(productId, version, Buffer.buffer("[]")))));
  }

  /** Holds the answers of selects from now on; each has the row as it was when the select came. */
  public void hold() {
    holding = true;
  }

  public void release() {
    holding = false;
    while (!held.isEmpty()) {
      held.remove().run();
    }
  }

  @Override
  public Future<Void> connect() {
    return Future.succeededFuture();
  }

  @Override
  public boolean isUp() {
    return !failing;
  }

  @Override
  public AnswerSource source() {
    return AnswerSource.POSTGRES;
  }

  @Override
  public Future<Generation> holdGeneration() {
    return switching
        ? Future.failedFuture(Problem.UNAVAILABLE.because("The catalogue is being switched now"))
        : Future.succeededFuture(new Generation(name, generation));
  }

  @Override
  public Future<Void> releaseGeneration() {
    return Future.succeededFuture();
  }

  @Override
  public CacheTrust cacheTrust() {
    return new UnkeptTrust(() -> Future.succeededFuture(new Generation(name, generation)));
  }

  @Override
  public Future<Row> select(ProductId productId) {
    selects.incrementAndGet();
    if (failing) {
      return Future.failedFuture(Problem.UNAVAILABLE.because("The store does not answer"));
    }
    Row row = rows.getOrDefault(productId, new Row(productId, 0, Optional.empty()));
    if (!holding) {
      return Future.succeededFuture(row);
    }
    Promise<Row> promise = Promise.promise();
    held.add(() -> promise.complete(row));
    return promise.future();
  }

  @Override
  public Future<List<Row>> page(ProductId from, int limit) {
    return Future.succeededFuture(
        rows.values().stream()
            .filter(row -> row.media().isPresent() && row.productId().compareTo(from) >= 0)
            .sorted(java.util.Comparator.comparing(Row::productId))
            .limit(limit)
            .toList());
  }

  @Override
  public Future<List<CommittedVersion>> unrelayed() {
    return Future.succeededFuture(List.copyOf(pending));
  }

  @Override
  public void close() {
    failing = true;
  }
}
