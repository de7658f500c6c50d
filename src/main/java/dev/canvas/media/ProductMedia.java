package dev.canvas.media;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The media of one product at one version, as the bytes of their document. Redis, the event bus and
 * the HTTP response carry the same bytes.
 *
 * <p>Immutable and thread-safe as long as nobody writes to {@link #document()}. Vert.x itself sends
 * a buffer through a view of its own.
 *
 * @param productId the product
 * @param version increases with every change of the product, even if it is deleted and created
 *     again
 * @param document {@code {"product_id":P,"version":V,"media":[…]}} in UTF-8, no white space
 */
public record ProductMedia(ProductId productId, long version, Buffer document) {

  private static final byte[] PRODUCT_ID = "{\"product_id\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION = ",\"version\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MEDIA = ",\"media\":".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_DIGITS = 19;

  /**
   * Builds the document around a stored item array without parsing it.
   *
   * @param items the bytes of the item array
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

  /**
   * Builds the document around what a store returned, which SQL may have changed to anything that
   * is JSON. Who shows or caches it takes it {@link #checked}.
   *
   * @param items the bytes of the item array, or of something else
   */
  public static ProductMedia stored(ProductId productId, long version, Buffer items) {
    return splice(productId, version, StoredItems.trimmed(items));
  }

  /**
   * This document with {@link StoredItems#UNREADABLE} instead of what is no array of items. It is
   * parsed for that, so this is done once, where a reader's row comes out of the store; from then
   * on {@link #isReadable} tells.
   */
  public ProductMedia checked() {
    return StoredItems.areItems(document.getBytes(arrayStart(), document.length() - 1))
        ? this
        : splice(productId, version, StoredItems.UNREADABLE);
  }

  /** Whether the media are an array of items. Costs one look at a byte. */
  public boolean isReadable() {
    int last = document.length() - 2;
    return last > 0 && document.getByte(last) == ']';
  }

  /**
   * This document, for callers that show it.
   *
   * @throws ProblemException {@link Problem#UNREADABLE_MEDIA}
   */
  public ProductMedia readable() {
    if (isReadable()) {
      return this;
    }
    throw unreadable();
  }

  /** The problem of who asks for media that are not {@linkplain #isReadable readable}. */
  ProblemException unreadable() {
    return Problem.UNREADABLE_MEDIA.because(
        "The media of product %s cannot be read: they are not an array of pictures and videos. SQL"
            + " must have changed them. Replace all of them, or delete them",
        productId);
  }

  /** Whether the document has exactly these bytes as its item array. */
  public boolean holds(Buffer items) {
    int start = arrayStart();
    int end = document.length() - 1;
    return end - start == items.length() && document.slice(start, end).equals(items);
  }

  private int arrayStart() {
    return PRODUCT_ID.length
        + Long.toString(productId.value()).length()
        + VERSION.length
        + Long.toString(version).length()
        + MEDIA.length;
  }

  /**
   * Whether the document has exactly these items, apart from ids and from what this release does
   * not understand. Malformed ones it has not.
   */
  boolean hasItems(List<MediaItem> items) {
    try {
      return ItemsJson.hasItems(document, items);
    } catch (IllegalStateException malformed) {
      return false;
    }
  }

  /**
   * The items by id, each with the attributes whose names this release does not know; malformed
   * ones are left out.
   */
  Map<Long, Map<String, String>> unknownAttributes() {
    try {
      return ItemsJson.unknown(document);
    } catch (IllegalStateException malformed) {
      return Map.of();
    }
  }

  /**
   * Parses the items of the document. Too slow for the read path.
   *
   * @throws ProblemException {@link Problem#UNREADABLE_MEDIA}
   */
  public List<MediaItem> items() {
    try {
      return ItemsJson.decodeDocument(document);
    } catch (IllegalStateException malformed) {
      throw unreadable();
    }
  }
}
