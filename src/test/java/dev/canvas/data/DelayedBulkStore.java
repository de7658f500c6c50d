package dev.canvas.data;

import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.RowWrite;
import dev.canvas.data.store.Writer;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.List;

/** A store of bulks that is slow now and then, and whose answers and commits may be held. */
record DelayedBulkStore(BulkStore bulks, DelayLine line, Gate answers, Gate commits)
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
  public Future<Writer.Commit> commit(List<RowWrite> rows) {
    return commits.pass(() -> line.call(() -> bulks.commit(rows)));
  }

  @Override
  public void close() {
    bulks.close();
  }
}
