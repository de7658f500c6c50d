package dev.canvas.data.cache;

import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The shared cache in front of the store. If a future fails, the cache is unreachable and nothing
 * is known about the key. Belongs to one event loop.
 */
public interface Cache {

  /** How long a fence stands unless renewed: longer than the store lets a statement run. */
  Duration FENCE_LIFE = Duration.ofSeconds(5);

  /**
   * The removal of a fence.
   *
   * @param written the row that the store holds now; empty if nothing was written
   * @param wanted whether to cache the row: the product was being read
   */
  record Installation(ProductId productId, Optional<Row> written, boolean wanted) {

    /** The removal of a fence under which nothing was written. */
    public static Installation nothing(ProductId productId) {
      return new Installation(productId, Optional.empty(), false);
    }
  }

  /** Connects. A failure is not final: the attempts continue. */
  Future<Void> connect();

  /** Whether the cache answers now and may be trusted. */
  boolean isUp();

  /** Whether the cache answers, but refuses to store anything now. */
  default boolean isRefused() {
    return false;
  }

  /**
   * What all keys in use begin with: it names the run of the server and the catalogue's generation.
   * Null while the cache is unreachable.
   */
  String keyPrefix();

  /** Reads the state of a key. All reads of one event-loop tick are sent as one command. */
  Future<Entry> read(ProductId productId);

  /**
   * Takes the lease of a missing key, which is the right to fill it.
   *
   * @return the state afterwards: an {@link Entry.Lease} with this token if the lease was granted
   */
  Future<Entry> lease(ProductId productId, String token);

  /** Caches a row if the lease still stands; completes with whether it did. */
  Future<Boolean> fill(Row row, String token);

  /**
   * Fences products that are about to be written, until {@link #install} or for {@link
   * #FENCE_LIFE}: meanwhile nobody trusts or fills their keys. Renews a fence that has this token.
   *
   * @return those products that were cached, or that a reader was about to fill
   */
  Future<Set<ProductId>> fence(List<ProductId> productIds, String token);

  /**
   * Removes fences. Caches the rows that were written if they are wanted and no other writer was
   * active under the fence.
   */
  Future<Void> install(Collection<Installation> installations, String token);

  /** Removes values and leases that may be older than changes committed without a fence. */
  Future<Void> repair(List<CommittedVersion> changes);

  /** Closes the connection. */
  void close();
}
