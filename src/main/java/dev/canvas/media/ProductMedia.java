package dev.canvas.media;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * All media of one product at one version, held as the bytes of its document: the same bytes in
 * Redis, on the bus and in the HTTP answer.
 *
 * <p>Immutable and safe between threads as long as nobody writes to {@link #document()}; Vert.x
 * itself sends a buffer through a view of its own.
 *
 * @param productId whose media
 * @param version grows with every change of the product, across delete and re-create too
 * @param document {@code {"product_id":P,"version":V,"media":[…]}} in UTF-8, no white space
 */
public record ProductMedia(ProductId productId, long version, Buffer document) {

  private static final byte[] PRODUCT_ID = "{\"product_id\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION = ",\"version\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MEDIA = ",\"media\":".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_DIGITS = 19;

  /**
   * Splices the document around an item array that was serialised when it was written; the array is
   * not parsed.
   *
   * @param items the item array's bytes as the store keeps them
   */
  public static ProductMedia splice(ProductId productId, long version, Buffer items) {
    int frame = PRODUCT_ID.length + VERSION.length + MEDIA.length + 2 * MAX_DIGITS + 1;
    Buffer document =
        Buffer.buffer(frame + items.length())
            .appendBytes(PRODUCT_ID)
            .appendString(Long.toString(productId.value()))
            .appendBytes(VERSION)
            .appendString(Long.toString(version))
            .appendBytes(MEDIA)
            .appendBuffer(items)
            .appendByte((byte) '}');
    return new ProductMedia(productId, version, document);
  }

  /** Whether the document is spliced around just these bytes of an item array. */
  public boolean holds(Buffer items) {
    int start =
        PRODUCT_ID.length
            + Long.toString(productId.value()).length()
            + VERSION.length
            + Long.toString(version).length()
            + MEDIA.length;
    int end = document.length() - 1;
    return end - start == items.length() && document.slice(start, end).equals(items);
  }

  /** Whether the document has just these items, whatever their ids. */
  boolean saysTheSame(List<MediaItem> items) {
    return ItemsJson.saysTheSame(document, items);
  }

  /** Parses the document's items, in their order. Not for the read path. */
  public List<MediaItem> items() {
    return ItemsJson.decodeDocument(document);
  }
}
