package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.ItemIdRules;
import io.vertx.core.Future;
import java.util.function.LongUnaryOperator;

/** The number that item ids are taken from in CouchDB: a document that all compare and set. */
final class CouchDbItemIdBlocks {

  /** Times that others may take some first. */
  private static final int MAX_TRIES = 32;

  private static final int CONFLICT = 409;

  private CouchDbItemIdBlocks() {}

  /** The first of so many that nobody has had. */
  static Future<Long> take(CouchDbClient client, long count) {
    return move(client, next -> next + count, 1);
  }

  /** From where on ids are given from now on: behind one that is exceeded. */
  static Future<Long> exceed(CouchDbClient client, long itemId) {
    return move(client, next -> next > itemId ? next : ItemIdRules.beyond(itemId), 1)
        .map(before -> Math.max(before, itemId + 1));
  }

  /** Answers the one before. */
  private static Future<Long> move(CouchDbClient client, LongUnaryOperator move, int tries) {
    return client
        .get(CouchDbLayout.CATALOGUE)
        .compose(
            catalogue -> {
              long next = catalogue.getLong(CouchDbLayout.NEXT_ITEM_ID);
              long moved = move.applyAsLong(next);
              if (moved == next) {
                return Future.succeededFuture(next);
              }
              catalogue.put(CouchDbLayout.NEXT_ITEM_ID, moved);
              return client.put(CouchDbLayout.CATALOGUE, catalogue).map(next);
            })
        .recover(
            failure ->
                failure instanceof CouchDbRefusal refusal
                        && refusal.status() == CONFLICT
                        && tries < MAX_TRIES
                    ? move(client, move, tries + 1)
                    : Future.failedFuture(failure));
  }
}
