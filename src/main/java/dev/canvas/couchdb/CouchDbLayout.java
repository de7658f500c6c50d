package dev.canvas.couchdb;

import dev.canvas.media.ProductId;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Defines the documents of the CouchDB store and their fields (docs/adr/0010, 0013).
 *
 * <p>A product is a document. Its id is the product id in {@value #DIGITS} digits, so that
 * documents sort by number. Its field {@value #MEDIA} holds the item array as a string, because
 * CouchDB does not preserve the bytes of an array. A deleted product is a deleted document: CouchDB
 * keeps its revision and counts on from there.
 */
public final class CouchDbLayout {

  /** The document with the epoch, the next item id, and the number of finished loads. */
  public static final String CATALOGUE = "canvas";

  /**
   * When the database was created, in microseconds since 1970. It is part of every version, so that
   * a database that is deleted and created again never repeats one.
   */
  public static final String EPOCH = "epoch";

  /** The next item id that nobody has taken. */
  public static final String NEXT_ITEM_ID = "next_item_id";

  /** The number of finished loads; together with the epoch, it is the catalogue's generation. */
  public static final String LOADS = "loads";

  /** The sequence number of the last change before the last load finished. */
  public static final String SETTLED = "settled";

  /** The document of the last load. */
  public static final String LOAD = "canvas-load";

  /** The document with the progress of the relay. */
  public static final String RELAY = "canvas-relay";

  /** The sequence number of the last relayed change, as CouchDB reported it. */
  public static final String SINCE = "since";

  /** The id of the active relay; empty if none is active. */
  public static final String HOLDER = "holder";

  /** The item array of a product, as a string. */
  public static final String MEDIA = "media";

  /** The length of the id of a product's document. */
  public static final int DIGITS = 16;

  private static final Pattern PRODUCT = Pattern.compile("\\d{" + DIGITS + "}");

  private CouchDbLayout() {}

  /** Returns the id of a product's document. */
  public static String documentId(long productId) {
    byte[] digits = new byte[DIGITS];
    writeDocumentId(productId, digits, 0);
    return new String(digits, StandardCharsets.US_ASCII);
  }

  /** Writes the id of a product's document, in {@value #DIGITS} bytes. */
  public static void writeDocumentId(long productId, byte[] target, int from) {
    long left = productId;
    for (int i = from + DIGITS - 1; i >= from; i--) {
      target[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  /** Whether a document is that of a product. */
  public static boolean isProduct(String documentId) {
    return PRODUCT.matcher(documentId).matches();
  }

  /** Returns the product of a document. */
  public static ProductId productId(String documentId) {
    return new ProductId(Long.parseLong(documentId));
  }

  /** Returns the epoch from the document {@link #CATALOGUE}. */
  public static long epoch(JsonObject catalogue) {
    return catalogue.getLong(EPOCH);
  }

  /** Returns the generation of the catalogue from the document {@link #CATALOGUE}. */
  public static long generation(JsonObject catalogue) {
    return epoch(catalogue) + catalogue.getLong(LOADS, 0L);
  }

  /** Returns the id that separates this store from others in the same Redis. */
  public static String store(JsonObject catalogue) {
    return "couchdb-" + epoch(catalogue);
  }
}
