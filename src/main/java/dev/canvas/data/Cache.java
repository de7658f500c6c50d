package dev.canvas.data;

import dev.canvas.media.ProductId;
import io.vertx.core.Future;

/**
 * The cache in front of the store. A failed future means that the cache is away and nothing is
 * known of the key. Belongs to one event loop.
 */
interface Cache {

  /** Connects; a failure is no hindrance, the tries go on. */
  Future<Void> connect();

  /** Whether the cache answers now. */
  boolean isUp();

  /** The state of a key; the reads of a tick are one command. */
  Future<Entry> read(ProductId productId);

  /**
   * Takes the lease of a missing key: the right to fill it. Answers the state after, which is
   * {@link Entry.Lease} with this token if it was granted.
   */
  Future<Entry> lease(ProductId productId, String token);

  /** Puts a row in, only while the lease is still there; answers whether it was. */
  Future<Boolean> fill(Row row, String token);

  /** Ends the connection. */
  void close();
}
