package dev.canvas.seed;

import io.vertx.core.json.JsonObject;

/**
 * Where things are in a CouchDB database (docs/adr/0010, 0013). The data verticles read and write
 * the same.
 */
final class CouchDbLayout {

  /** The document that has the epoch, the item ids, and how often the catalogue was loaded. */
  static final String CATALOGUE = "canvas";

  static final String EPOCH = "epoch";
  static final String NEXT_ITEM_ID = "next_item_id";

  /** Loads that have ended: the generation of the catalogue is the epoch and they. */
  static final String LOADS = "loads";

  /** Up to where the changes were made before the last load ended. */
  static final String SETTLED = "settled";

  /** The document of the load that was begun last. */
  static final String LOAD = "canvas-load";

  static final String MEDIA = "media";

  private static final int DIGITS = 16;

  private CouchDbLayout() {}

  /** The id of a product's document: their order is that of the numbers. */
  static String documentId(long productId) {
    String digits = Long.toString(productId);
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  /** Writes that id. */
  static void writeDocumentId(long productId, byte[] target, int from) {
    long left = productId;
    for (int i = from + DIGITS - 1; i >= from; i--) {
      target[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  /** How many bytes an id has. */
  static int documentIdLength() {
    return DIGITS;
  }

  /** The generation of the catalogue, by its document. */
  static long generation(JsonObject catalogue) {
    return catalogue.getLong(EPOCH) + catalogue.getLong(LOADS, 0L);
  }

  /** What tells the store from others that share a Redis, by the catalogue's document. */
  static String store(JsonObject catalogue) {
    return "couchdb-" + catalogue.getLong(EPOCH);
  }
}
