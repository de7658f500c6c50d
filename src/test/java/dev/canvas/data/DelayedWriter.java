package dev.canvas.data;

import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
  public Future<Map<ProductId, Long>> commit(List<RowWrite> rows) {
    return gate.pass().compose(open -> line.call(() -> writer.commit(rows)));
  }

  @Override
  public Future<List<Long>> itemIdBlocks(int blocks) {
    return writer.itemIdBlocks(blocks);
  }

  @Override
  public Future<Set<Long>> unrepaired(Collection<Long> versions) {
    return writer.unrepaired(versions);
  }

  @Override
  public Future<Boolean> isGone(Worker worker) {
    return writer.isGone(worker);
  }

  @Override
  public void close() {
    writer.close();
  }
}
