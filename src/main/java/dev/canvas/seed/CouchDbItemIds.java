package dev.canvas.seed;

import dev.canvas.store.CouchDbLayout;
import dev.canvas.store.ItemIdRules;

/** The number that the service takes item ids from in CouchDB. */
record CouchDbItemIds(CouchDbRequests requests) implements LoadedItemIds.Sequence {

  @Override
  public long exceed(long itemId) throws InterruptedException {
    return requests
        .change(
            CouchDbLayout.CATALOGUE,
            catalogue -> {
              if (catalogue.getLong(CouchDbLayout.NEXT_ITEM_ID) <= itemId) {
                catalogue.put(CouchDbLayout.NEXT_ITEM_ID, ItemIdRules.beyond(itemId));
              }
            })
        .getLong(CouchDbLayout.NEXT_ITEM_ID);
  }
}
