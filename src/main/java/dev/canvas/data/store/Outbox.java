package dev.canvas.data.store;

import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.List;

/**
 * The transactional outbox: committed changes that wait for the relay. A change and its message are
 * committed together, no matter who makes the change. Belongs to one event loop.
 */
public interface Outbox {

  /**
   * A committed change that waits for the relay. Immutable.
   *
   * @param id of the stored record; messages that share one are deleted together
   * @param version of the product after the change
   * @param deleted whether the product has no media after the change
   */
  record Message(long id, ProductId productId, long version, boolean deleted) {}

  /** Connects; fails if the store cannot be reached now. */
  Future<Void> connect();

  /**
   * Tries to take the relay lock, of which each store has one; completes with whether it is held.
   */
  Future<Boolean> lock();

  /** Releases the lock so that another relay can take over. */
  Future<Void> unlock();

  /**
   * Reads the oldest messages, plus any others in the record of the last one. Call it only while
   * holding the lock.
   *
   * @param limit the number of messages after which no further record is read
   */
  Future<List<Message>> first(int limit);

  /**
   * Deletes the messages that {@link #first} returned last, unless another Redis is trusted by now:
   * then they have to be relayed again.
   *
   * @param generation in which they were relayed, with its Redis
   */
  Future<Void> delete(List<Message> messages, Generation generation);

  /** The age of the oldest message in seconds; 0 if there is none. */
  Future<Double> lag();

  /** What has been committed, relayed or not; over the same connection. */
  Commits commits();

  /** Closes the connection. */
  void close();
}
