package dev.canvas.data;

import dev.canvas.data.store.PendingChange;
import dev.canvas.data.store.RowWrite;
import dev.canvas.data.store.Writer;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** A writer whose commits are slow now and then, or held. */
record DelayedWriter(Writer writer, DelayLine line, Gate gate) implements Writer {

  @Override
  public Future<Void> connect() {
    return writer.connect();
  }

  @Override
  public boolean isUp() {
    return writer.isUp();
  }

  @Override
  public Future<Commit> commit(List<RowWrite> rows) {
    return gate.pass(() -> line.call(() -> writer.commit(rows)));
  }

  @Override
  public Future<List<Long>> itemIdBlocks(int blocks) {
    return writer.itemIdBlocks(blocks);
  }

  @Override
  public Future<Long> exceedItemId(long itemId) {
    return writer.exceedItemId(itemId);
  }

  @Override
  public Future<Set<PendingChange>> unrepaired(Collection<PendingChange> changes) {
    return writer.unrepaired(changes);
  }

  @Override
  public void close() {
    writer.close();
  }
}
