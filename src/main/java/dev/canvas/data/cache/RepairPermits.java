package dev.canvas.data.cache;

import io.vertx.core.Future;

/**
 * Decides which Redis is trusted, and so what the relay has to repair. Belongs to one event loop.
 */
public interface RepairPermits {

  /** Whether changes can be relayed while the relay reaches no Redis. */
  boolean isGivenWithoutRedis();

  /**
   * Decides about changes that have been read from the outbox. Call it only while holding the relay
   * lock.
   *
   * @param changesWait whether there are any
   */
  Future<RepairPermit> ask(boolean changesWait);

  /** The Redis refused a repair: ends the trust in it. */
  Future<Void> onRefusal(Throwable refusal);
}
