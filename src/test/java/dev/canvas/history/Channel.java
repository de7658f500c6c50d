package dev.canvas.history;

import io.vertx.core.Future;

/**
 * One API of the service at one node. The futures never fail: a failure is an {@link Answer} too.
 * Thread-safe.
 */
interface Channel {

  /** The number of the node. */
  int node();

  /** Reads a product. */
  Future<Answer> read(long product);

  /** Replaces the media of a product by ones that encode a value, which {@link #read} decodes. */
  Future<Answer> write(long product, long value);

  /** Deletes the media of a product. */
  Future<Answer> delete(long product);
}
