package dev.canvas.data.store;

import dev.canvas.media.AnswerSource;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.List;

/**
 * Reads media from the store. Failures are {@link dev.canvas.media.ProblemException}s. Belongs to
 * one event loop.
 */
public interface Store {

  /** Connects; fails if the store cannot be reached now. */
  Future<Void> connect();

  /** Whether the store answers now. */
  boolean isUp();

  /** The source to report for an answer of this store that followed a look at the cache. */
  AnswerSource source();

  /**
   * Reads the catalogue's generation and keeps it from being switched until {@link
   * #releaseGeneration}; fails if it is being switched now.
   */
  Future<Generation> holdGeneration();

  /** Allows switches again; fails if one may have happened since {@link #holdGeneration}. */
  Future<Void> releaseGeneration();

  /**
   * Learns that the store has had this generation, so that a server with an older one is not the
   * store any more.
   */
  default void expect(long generation) {}

  /** The record of which Redis may be trusted. */
  CacheTrust cacheTrust();

  /** Reads one product. All reads of one event-loop tick are sent as one statement. */
  Future<Row> select(ProductId productId);

  /**
   * Reads one product that is about to be changed. As it is neither shown nor cached, its media
   * need not be {@linkplain Row#checked checked}.
   */
  default Future<Row> selectForChange(ProductId productId) {
    return select(productId);
  }

  /**
   * Reads products that have media, in the order of their ids.
   *
   * @param from the lowest id wanted
   * @param limit the most products
   */
  Future<List<Row>> page(ProductId from, int limit);

  /**
   * The latest committed change of each product that the relay has not relayed yet. Fails if there
   * are so many that the relay has to reduce them first.
   */
  Future<List<CommittedVersion>> unrelayed();

  /** Closes the connection. */
  void close();
}
