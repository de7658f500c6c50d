package dev.canvas.data.store;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * The store's record of the one Redis that nodes may trust. A node looks at it all the time and
 * trusts that Redis for {@link #LIFE} after each look. The relay names the Redis that it repairs;
 * anybody may end the trust. So a change that cannot be repaired in Redis is hidden by no cache
 * {@code LIFE} after the trust has ended. Belongs to one event loop. See {@code
 * docs/adr/0029-one-trusted-redis.md}.
 */
public interface CacheTrust {

  /** How long a node trusts a Redis after it has asked the store. The same on every node. */
  Duration LIFE = Duration.ofMillis(500);

  /** After this time no node has trust left that has ended: the life and what clocks differ in. */
  Duration EXPIRED = LIFE.plusMillis(20);

  /** Whether the store keeps a record. If it does not, every Redis is trusted without a limit. */
  boolean isKept();

  /** Reads the generation, and the Redis that may be trusted. */
  Future<Generation> generation();

  /**
   * Ends the trust in any Redis; changes nothing if none is trusted.
   *
   * @return the generation afterwards
   */
  Future<Generation> distrust();

  /**
   * Records that no node trusts any Redis now; to be called {@link #EXPIRED} after the generation
   * was seen without a Redis. Completes with whether that generation still has none.
   */
  Future<Boolean> settle(long generation);

  /** Names the Redis to trust; completes with whether the generation was settled and still is. */
  Future<Boolean> trust(long generation, String redis);
}
