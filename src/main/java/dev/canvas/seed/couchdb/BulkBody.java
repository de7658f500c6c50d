package dev.canvas.seed.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Builds the body of a {@code _bulk_docs} request, with each product once. The item array of a
 * product is a string, because CouchDB does not preserve the bytes of an array. Belongs to one
 * thread.
 */
final class BulkBody {

  private static final byte[] HEAD = ascii("{\"docs\":[");
  private static final byte[] ID = ascii("{\"_id\":\"");
  private static final byte[] REVISION = ascii("\",\"_rev\":\"");
  private static final byte[] MEDIA = ascii("\",\"" + CouchDbLayout.MEDIA + "\":");
  private static final byte[] END = ascii("]}");
  private static final byte BLANK = ' ';
  private static final int OVERHEAD_BYTES = 256;

  /**
   * Where a product is in the body. Immutable.
   *
   * @param document where its document begins, including the comma before it
   * @param from where the string of its item array begins, including the quote
   * @param to where that string ends, including the quote
   */
  private record Slice(int document, int from, int to) {}

  private final Map<Long, Slice> slices = new HashMap<>();
  private byte[] bytes = new byte[1 << 16];
  private int length;

  BulkBody() {
    clear();
  }

  boolean isEmpty() {
    return slices.isEmpty();
  }

  boolean contains(long productId) {
    return slices.containsKey(productId);
  }

  /** The length so far, in bytes. */
  int length() {
    return length;
  }

  /** Adds a product, or replaces the one that the body has. */
  void add(long productId, byte[] items, int itemsLength) {
    Slice before = slices.remove(productId);
    if (before != null) {
      // JSON ignores white space between documents.
      Arrays.fill(bytes, before.document, before.to + 1, BLANK);
    }
    int document = begin(productId, null, 2 * itemsLength);
    int from = length;
    bytes[length++] = '"';
    // The items are JSON, so control characters are escaped already.
    for (int i = 0; i < itemsLength; i++) {
      byte each = items[i];
      if (each == '"' || each == '\\') {
        bytes[length++] = '\\';
      }
      bytes[length++] = each;
    }
    bytes[length++] = '"';
    end(productId, document, from);
  }

  /**
   * Adds a product of another body.
   *
   * @param revision that the product replaces; null for a new document
   */
  void addFrom(BulkBody other, long productId, String revision) {
    Slice slice = other.slices.get(productId);
    int stringLength = slice.to - slice.from;
    int document = begin(productId, revision, stringLength);
    int from = length;
    put(other.bytes, slice.from, stringLength);
    end(productId, document, from);
  }

  /** Returns the item array of a product. */
  String items(long productId) {
    Slice slice = slices.get(productId);
    return (String)
        Json.decodeValue(Buffer.buffer().appendBytes(bytes, slice.from, slice.to - slice.from));
  }

  /** Returns a copy of the body to send. */
  Buffer toBuffer() {
    int first = HEAD.length;
    while (first < length && bytes[first] == BLANK) {
      first++;
    }
    if (bytes[first] == ',') {
      bytes[first] = BLANK;
    }
    return Buffer.buffer(length + END.length).appendBytes(bytes, 0, length).appendBytes(END);
  }

  void clear() {
    slices.clear();
    length = 0;
    put(HEAD, 0, HEAD.length);
  }

  private int begin(long productId, String revision, int stringLength) {
    reserve(stringLength + OVERHEAD_BYTES);
    int document = length;
    if (length > HEAD.length) {
      bytes[length++] = ',';
    }
    put(ID, 0, ID.length);
    CouchDbLayout.writeDocumentId(productId, bytes, length);
    length += CouchDbLayout.DIGITS;
    if (revision != null) {
      byte[] ascii = ascii(revision);
      put(REVISION, 0, REVISION.length);
      put(ascii, 0, ascii.length);
    }
    put(MEDIA, 0, MEDIA.length);
    return document;
  }

  private void end(long productId, int document, int from) {
    slices.put(productId, new Slice(document, from, length));
    bytes[length++] = '}';
  }

  private void put(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
