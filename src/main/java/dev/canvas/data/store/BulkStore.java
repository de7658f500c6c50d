package dev.canvas.data.store;

import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.List;

/**
 * Where the rows of bulks are read and written: hundreds at a time, and in no hurry. What stands
 * still for a while is waited for, as nothing else waits behind it. Belongs to one event loop.
 */
public interface BulkStore {

  /** Connects; fails where the store cannot be reached now. */
  Future<Void> connect();

  /**
   * Reads products, each at its own place.
   *
   * @param productIds each once
   */
  Future<List<Row>> select(List<ProductId> productIds);

  /**
   * Commits as {@link Writer#commit} does. Where others have created one of the new rows all may be
   * refused.
   */
  Future<Writer.Commit> commit(List<RowWrite> rows);

  /** Ends the connection. */
  void close();
}
