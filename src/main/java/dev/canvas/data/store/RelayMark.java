package dev.canvas.data.store;

import io.vertx.core.Future;

/**
 * A point in the order in which changes are relayed, which tells when the relay has passed it.
 * Belongs to the event loop of the {@link BulkStore} that set it.
 */
@FunctionalInterface
public interface RelayMark {

  /**
   * Whether every change that the mark stands for has been relayed, so that no cache holds anything
   * older. May be false for a little longer.
   */
  Future<Boolean> isPassed();
}
