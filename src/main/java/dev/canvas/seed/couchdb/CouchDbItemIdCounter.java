package dev.canvas.seed.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.ItemIdRules;
import dev.canvas.seed.LoadedItemIds;

/** The number that the service takes item ids from in CouchDB. */
record CouchDbItemIdCounter(CouchDbRequests requests) implements LoadedItemIds.Sequence {

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
