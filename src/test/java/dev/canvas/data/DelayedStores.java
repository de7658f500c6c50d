package dev.canvas.data;

import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Outbox;
import dev.canvas.data.store.RelayMark;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.data.store.Writer;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Connections to a store that are slow now and then, and whose calls pass gates. Thread-safe.
 *
 * @param stores creates the real connections
 * @param lines creates the delay of each connection
 * @param answers the gate that the answers to selects pass
 * @param commits the gate that commits pass before they are sent
 * @param mutant may break the rule that trust in a Redis is ended
 */
record DelayedStores(
    StoreFactory stores, Supplier<DelayLine> lines, Gate answers, Gate commits, Mutant mutant)
    implements StoreFactory {

  @Override
  public OutageLog outages() {
    return stores.outages();
  }

  @Override
  public Store store(Context context) {
    return new DelayedStore(stores.store(context), lines.get(), answers, mutant);
  }

  @Override
  public Store relayStore(Context context) {
    return new DelayedStore(stores.relayStore(context), lines.get(), answers, mutant);
  }

  @Override
  public Writer writer(Context context) {
    return new DelayedWriter(stores.writer(context), lines.get(), commits);
  }

  @Override
  public BulkStore bulkStore(Context context, Store store, Writer writer) {
    return new DelayedBulkStore(
        stores.bulkStore(context, store, writer), lines.get(), answers, commits);
  }

  /** The relay's connection is not delayed. */
  @Override
  public Outbox outbox(Context context) {
    return stores.outbox(context);
  }

  private record DelayedStore(Store store, DelayLine line, Gate answers, Mutant mutant)
      implements Store {

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
    public void expect(long generation) {
      store.expect(generation);
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
    public CacheTrust cacheTrust() {
      return mutant == Mutant.TRUST_NEVER_ENDS
          ? new LastingTrust(store.cacheTrust())
          : store.cacheTrust();
    }

    @Override
    public Future<Row> select(ProductId productId) {
      return line.call(() -> store.select(productId))
          .compose(row -> answers.pass(() -> Future.succeededFuture(row)));
    }

    @Override
    public Future<List<Row>> page(ProductId from, int limit) {
      return line.call(() -> store.page(from, limit));
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

  /** Says that the trust has ended, and does not end it. */
  private record LastingTrust(CacheTrust trust) implements CacheTrust {

    @Override
    public boolean isKept() {
      return trust.isKept();
    }

    @Override
    public Future<Generation> generation() {
      return trust.generation();
    }

    @Override
    public Future<Generation> distrust() {
      return trust.generation();
    }

    @Override
    public Future<Boolean> settle(long generation) {
      return trust.settle(generation);
    }

    @Override
    public Future<Boolean> trust(long generation, String redis) {
      return trust.trust(generation, redis);
    }
  }

  private record DelayedWriter(Writer writer, DelayLine line, Gate commits) implements Writer {

    @Override
    public Future<Void> connect() {
      return writer.connect();
    }

    @Override
    public boolean isUp() {
      return writer.isUp();
    }

    @Override
    public Future<CommitResult> commit(List<RowWrite> rows) {
      return commits.pass(() -> line.call(() -> writer.commit(rows)));
    }

    @Override
    public Future<List<Long>> itemIdBlocks(int blocks) {
      return writer.itemIdBlocks(blocks);
    }

    @Override
    public Future<Long> reserveItemIdsThrough(long itemId) {
      return writer.reserveItemIdsThrough(itemId);
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  private record DelayedBulkStore(BulkStore bulks, DelayLine line, Gate answers, Gate commits)
      implements BulkStore {

    @Override
    public Future<Void> connect() {
      return bulks.connect();
    }

    @Override
    public Future<List<Row>> select(List<ProductId> productIds) {
      return line.call(() -> bulks.select(productIds))
          .compose(rows -> answers.pass(() -> Future.succeededFuture(rows)));
    }

    @Override
    public Future<Writer.CommitResult> commit(List<Writer.RowWrite> rows) {
      return commits.pass(() -> line.call(() -> bulks.commit(rows)));
    }

    @Override
    public Future<RelayMark> mark(Collection<CommittedVersion> changes) {
      return bulks.mark(changes);
    }

    @Override
    public void close() {
      bulks.close();
    }
  }
}
