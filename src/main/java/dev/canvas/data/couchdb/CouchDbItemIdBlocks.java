package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbClient;
import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.ItemIdRules;
import io.vertx.core.Future;
import java.util.function.LongUnaryOperator;

/** Takes item ids from the counter in the catalogue's document, with compare and set. */
final class CouchDbItemIdBlocks {

  /** Attempts before a conflict with other nodes fails the call. */
  private static final int MAX_TRIES = 32;

  private static final int CONFLICT = 409;

  private CouchDbItemIdBlocks() {}

  /** Takes consecutive ids; returns the first. */
  static Future<Long> take(CouchDbClient client, long count) {
    return move(client, next -> next + count, 1);
  }

  /** Moves the counter above an id; returns where blocks start from then on, at the least. */
  static Future<Long> exceed(CouchDbClient client, long itemId) {
    return move(client, next -> next > itemId ? next : ItemIdRules.beyond(itemId), 1)
        .map(before -> Math.max(before, itemId + 1));
  }

  /** Changes the counter; returns its value before the change. */
  private static Future<Long> move(CouchDbClient client, LongUnaryOperator change, int tries) {
    return client
        .get(CouchDbLayout.CATALOGUE)
        .compose(
            catalogue -> {
              long before = catalogue.getLong(CouchDbLayout.NEXT_ITEM_ID);
              long after = change.applyAsLong(before);
              if (after == before) {
                return Future.succeededFuture(before);
              }
              catalogue.put(CouchDbLayout.NEXT_ITEM_ID, after);
              return client.put(CouchDbLayout.CATALOGUE, catalogue).map(before);
            })
        .recover(
            failure ->
                failure instanceof CouchDbClient.ErrorException error
                        && error.status() == CONFLICT
                        && tries < MAX_TRIES
                    ? move(client, change, tries + 1)
                    : Future.failedFuture(failure));
  }
}
