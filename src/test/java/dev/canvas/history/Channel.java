package dev.canvas.history;

import io.vertx.core.Future;

/**
 * One way to the service: one of its APIs, at one node. The futures never fail: an error is an
 * {@link Answer} too. Thread-safe.
 */
interface Channel {

  /** The process that it goes to. */
  int node();

  /** Reads a product. */
  Future<Answer> read(long product);

  /** Gives a product media that hold a value, which {@link #read} then finds. */
  Future<Answer> write(long product, long value);

  /** Takes a product's media away. */
  Future<Answer> delete(long product);
}
