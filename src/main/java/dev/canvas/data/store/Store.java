package dev.canvas.data.store;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.List;

/**
 * Where media are read. Failures are {@link dev.canvas.media.ProblemException}s. Belongs to one
 * event loop.
 */
public interface Store {

  /** Connects; fails where the store cannot be reached now. */
  Future<Void> connect();

  /** Whether the store answers now. */
  boolean isUp();

  /** What an answer of this store is told to come from, the cache having been asked. */
  AnswerSource source();

  /**
   * Which catalogue it is. It is not swapped until {@link #releaseCatalogue}; fails while it is
   * just being swapped.
   */
  Future<Generation> holdCatalogue();

  /** Lets it be swapped again; fails where it may have been swapped meanwhile. */
  Future<Void> releaseCatalogue();

  /** Reads one product; the reads of a tick are one statement. */
  Future<Row> select(ProductId productId);

  /**
   * Reads the products that have media, by number, from the lowest that is not below {@code from}.
   */
  Future<List<Row>> page(ProductId from, int limit);

  /**
   * The newest committed change of each product that a cache may not know of. Fails where they are
   * so many that the relay has to work them off first.
   */
  Future<List<PendingChange>> pending();

  /** Ends the connection. */
  void close();
}
