package dev.canvas.data;

import dev.canvas.media.ProductId;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;

/**
 * A database at a CouchDB that is known to be Canvas's. Immutable.
 *
 * <p>A product is the document whose id is its number in {@value #DIGITS} digits, so that their
 * order is that of the numbers. Its field {@value #MEDIA} is the item array as a text, as CouchDB
 * would write an array anew. A deleted product is a deleted document: CouchDB keeps its revision,
 * and counts on from there.
 *
 * @param epoch when the database was made, in microseconds since 1970: part of every version, so
 *     that a database that is made anew never repeats one
 */
record CouchDbSession(CouchDbClient client, long epoch) {

  /** The document that has the epoch and the item ids. */
  static final String CATALOGUE = "canvas";

  /** The document that has how far the relay is. */
  static final String RELAY = "canvas-relay";

  static final String EPOCH = "epoch";
  static final String NEXT_ITEM_ID = "next_item_id";

  /** How many loads have ended: with the epoch, the catalogue's generation. */
  static final String LOADS = "loads";

  /** The sequence number up to which changes were made before the last load ended. */
  static final String SETTLED = "settled";

  /** The sequence number of the last change that has been relayed, as CouchDB gave it. */
  static final String SINCE = "since";

  /** The relay that works; empty where none does. */
  static final String HOLDER = "holder";

  static final String MEDIA = "media";

  private static final int DIGITS = 16;
  private static final Pattern PRODUCT = Pattern.compile("\\d{" + DIGITS + "}");

  /** What the catalogue's document says. */
  static long epochIn(JsonObject catalogue) {
    return catalogue.getLong(EPOCH);
  }

  /** What the catalogue's document says of the catalogue. */
  static Catalogue catalogueIn(JsonObject catalogue) {
    long epoch = epochIn(catalogue);
    return new Catalogue("couchdb-" + epoch, epoch + catalogue.getLong(LOADS, 0L));
  }

  static String documentId(ProductId productId) {
    String digits = Long.toString(productId.value());
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  /** Whether a document is a product's. */
  static boolean isProduct(String documentId) {
    return PRODUCT.matcher(documentId).matches();
  }

  static ProductId productId(String documentId) {
    return new ProductId(Long.parseLong(documentId));
  }

  /**
   * The version that a revision stands for: CouchDB counts those of a document, across its deletion
   * too.
   *
   * @param revision such as {@code 3-b65fcd86ef343fad60c0883d32d4ce24}
   */
  long version(String revision) {
    return epoch + Long.parseLong(revision, 0, revision.indexOf('-'), 10);
  }
}
