package dev.canvas.seed;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The number that the service takes item ids from, which has to stay ahead of those that are
 * imported. Thread-safe.
 */
final class CouchDbItemIds {

  /** Room for the imported ids to come, so that the number is not raised for each of them. */
  private static final long ROOM = 1_000_000;

  /** The lowest that the service gives out. */
  private static final long FIRST = 1_000;

  private final CouchDbRequests requests;
  private final AtomicLong next = new AtomicLong(FIRST);

  CouchDbItemIds(CouchDbRequests requests) {
    this.requests = requests;
  }

  /** Makes sure that this id, and none before it, is ever given out from now on. */
  void exceed(long itemId) throws InterruptedException {
    if (itemId >= next.get()) {
      raise(itemId);
    }
  }

  private synchronized void raise(long itemId) throws InterruptedException {
    if (itemId < next.get()) {
      return;
    }
    next.set(
        requests
            .change(
                CouchDbLayout.CATALOGUE,
                catalogue -> {
                  if (catalogue.getLong(CouchDbLayout.NEXT_ITEM_ID) <= itemId) {
                    catalogue.put(CouchDbLayout.NEXT_ITEM_ID, itemId + 1 + ROOM);
                  }
                })
            .getLong(CouchDbLayout.NEXT_ITEM_ID));
  }
}
