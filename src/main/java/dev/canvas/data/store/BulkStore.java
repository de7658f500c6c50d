package dev.canvas.data.store;

import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;

/**
 * Reads and writes the rows of bulk imports, hundreds at a time. It tolerates a slow server for
 * longer than a reader or a single write may, because nothing else queues behind it. Belongs to one
 * event loop.
 */
public interface BulkStore {

  /** Connects; fails if the store cannot be reached now. */
  Future<Void> connect();

  /**
   * Reads products that are about to be changed. The rows come in the order of the ids, and their
   * media need not be {@linkplain Row#checked checked}.
   *
   * @param productIds each at most once
   */
  Future<List<Row>> select(List<ProductId> productIds);

  /**
   * Reads what the store holds of products, without their media, in any order.
   *
   * @param productIds each at most once
   */
  default Future<List<StoredVersion>> versions(List<ProductId> productIds) {
    return select(productIds).map(rows -> rows.stream().map(StoredVersion::of).toList());
  }

  /**
   * Commits rows as {@link Writer#commit} does. Unlike there, a store may refuse the whole group if
   * another writer has created one of its new rows meanwhile.
   */
  Future<Writer.CommitResult> commit(List<Writer.RowWrite> rows);

  /**
   * Marks changes that have been committed, to learn when they are relayed.
   *
   * @param changes at most some hundred; empty for everything that is committed now
   */
  Future<RelayMark> mark(Collection<CommittedVersion> changes);

  /** Closes the connection. */
  void close();
}
