package dev.canvas.couchdb;

import dev.canvas.media.ProductId;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where things are in a CouchDB database (docs/adr/0010, 0013).
 *
 * <p>A product is the document whose id is its number in {@value #DIGITS} digits, so that their
 * order is that of the numbers. Its field {@value #MEDIA} is the item array as a text, as CouchDB
 * would write an array anew. A deleted product is a deleted document: CouchDB keeps its revision,
 * and counts on from there.
 */
public final class CouchDbLayout {

  /** The document that has the epoch, the item ids, and how often the catalogue was loaded. */
  public static final String CATALOGUE = "canvas";

  /**
   * When the database was made, in microseconds since 1970: part of every version, so that a
   * database that is made anew never repeats one.
   */
  public static final String EPOCH = "epoch";

  /** From where on item ids are given. */
  public static final String NEXT_ITEM_ID = "next_item_id";

  /** How many loads have ended: with the epoch, the catalogue's generation. */
  public static final String LOADS = "loads";

  /** The sequence number up to which changes were made before the last load ended. */
  public static final String SETTLED = "settled";

  /** The document of the load that was begun last. */
  public static final String LOAD = "canvas-load";

  /** The document that has how far the relay is. */
  public static final String RELAY = "canvas-relay";

  /** The sequence number of the last change that has been relayed, as CouchDB gave it. */
  public static final String SINCE = "since";

  /** The relay that works; empty where none does. */
  public static final String HOLDER = "holder";

  /** The item array of a product, in its document. */
  public static final String MEDIA = "media";

  /** How many digits the id of a product's document has. */
  public static final int DIGITS = 16;

  private static final Pattern PRODUCT = Pattern.compile("\\d{" + DIGITS + "}");

  private CouchDbLayout() {}

  /** The id of a product's document. */
  public static String documentId(long productId) {
    byte[] digits = new byte[DIGITS];
    writeDocumentId(productId, digits, 0);
    return new String(digits, StandardCharsets.US_ASCII);
  }

  /** Writes that id, in its {@value #DIGITS} bytes. */
  public static void writeDocumentId(long productId, byte[] target, int from) {
    long left = productId;
    for (int i = from + DIGITS - 1; i >= from; i--) {
      target[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  /** Whether a document is a product's. */
  public static boolean isProduct(String documentId) {
    return PRODUCT.matcher(documentId).matches();
  }

  /** The product of a document. */
  public static ProductId productId(String documentId) {
    return new ProductId(Long.parseLong(documentId));
  }

  /** The epoch, by the catalogue's document. */
  public static long epoch(JsonObject catalogue) {
    return catalogue.getLong(EPOCH);
  }

  /** The generation of the catalogue, by its document. */
  public static long generation(JsonObject catalogue) {
    return epoch(catalogue) + catalogue.getLong(LOADS, 0L);
  }

  /** What tells the store from others that share a Redis, by the catalogue's document. */
  public static String store(JsonObject catalogue) {
    return "couchdb-" + epoch(catalogue);
  }
}
