package dev.canvas.data.cache;

import dev.canvas.data.store.PendingChange;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The cache in front of the store. A failed future means that the cache is away and nothing is
 * known of the key. Belongs to one event loop.
 */
public interface Cache {

  /** How long an announced write may take: longer than the store lets a statement run. */
  Duration FENCE_LIFE = Duration.ofSeconds(5);

  /**
   * The end of a fence.
   *
   * @param written what the store holds now; empty where nothing was written, or it is not known
   * @param wanted whether the cache is to have it: somebody reads the product
   */
  record Installation(ProductId productId, Optional<Row> written, boolean wanted) {

    /** The end of a fence under which nothing was written. */
    public static Installation nothing(ProductId productId) {
      return new Installation(productId, Optional.empty(), false);
    }
  }

  /** Connects; a failure is no hindrance, the tries go on. */
  Future<Void> connect();

  /** Whether the cache answers now. */
  boolean isUp();

  /** The part of the server's memory that is used; null while the cache is away. */
  String space();

  /** The state of a key; the reads of a tick are one command. */
  Future<Entry> read(ProductId productId);

  /**
   * Takes the lease of a missing key: the right to fill it. Answers the state after, which is
   * {@link Entry.Lease} with this token if it was granted.
   */
  Future<Entry> lease(ProductId productId, String token);

  /** Puts a row in, only while the lease is still there; answers whether it was. */
  Future<Boolean> fill(Row row, String token);

  /**
   * Announces that products are about to be written, until {@link #install} or for {@link
   * #FENCE_LIFE}: nobody takes the cache's word for them. Also renews what was announced.
   *
   * @return those of which the cache had something, or somebody was about to fill it
   */
  Future<Set<ProductId>> fence(List<ProductId> productIds, String token);

  /**
   * Ends a fence, and puts in what has been written, where it is wanted and nobody else was
   * writing.
   */
  Future<Void> install(Collection<Installation> installations, String token);

  /** Takes out what may be older than changes that were brought to the store alone. */
  Future<Void> repair(List<PendingChange> changes);

  /** Ends the connection. */
  void close();
}
