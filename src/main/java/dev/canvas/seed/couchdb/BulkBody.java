package dev.canvas.seed.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Documents of products on their way into {@code _bulk_docs}, each product once. The item array is
 * a text in them, so that its bytes come back. Belongs to one thread.
 */
final class BulkBody {

  private static final byte[] HEAD = ascii("{\"docs\":[");
  private static final byte[] ID = ascii("{\"_id\":\"");
  private static final byte[] REVISION = ascii("\",\"_rev\":\"");
  private static final byte[] MEDIA = ascii("\",\"" + CouchDbLayout.MEDIA + "\":");
  private static final byte[] END = ascii("]}");
  private static final byte BLANK = ' ';
  private static final int OVERHEAD = 256;

  /**
   * Where a product's document begins, with the comma before it, and where the text in it begins
   * and ends, its quotes with it. Immutable.
   */
  private record Slice(int document, int from, int to) {}

  private final Map<Long, Slice> texts = new HashMap<>();
  private byte[] bytes = new byte[1 << 16];
  private int length;

  BulkBody() {
    clear();
  }

  boolean isEmpty() {
    return texts.isEmpty();
  }

  boolean has(long productId) {
    return texts.containsKey(productId);
  }

  /** In bytes. */
  int length() {
    return length;
  }

  /** Takes a product, in place of what it has of it. */
  void add(long productId, byte[] items, int itemsLength) {
    Slice before = texts.remove(productId);
    if (before != null) {
      // White space, which means nothing there.
      Arrays.fill(bytes, before.document, before.to + 1, BLANK);
    }
    int document = begin(productId, null, 2 * itemsLength);
    int from = length;
    bytes[length++] = '"';
    // A text of JSON in another: it has no control characters, as they are escaped in it already.
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
   * Takes a product of another body once more, in place of a revision; null where there is none.
   */
  void addAgain(BulkBody other, long productId, String revision) {
    Slice text = other.texts.get(productId);
    int textLength = text.to - text.from;
    int document = begin(productId, revision, textLength);
    int from = length;
    put(other.bytes, text.from, textLength);
    end(productId, document, from);
  }

  /** The item array of one of its products. */
  String items(long productId) {
    Slice text = texts.get(productId);
    return (String)
        Json.decodeValue(Buffer.buffer().appendBytes(bytes, text.from, text.to - text.from));
  }

  /** It as it is sent; nothing may be added before the answer. */
  BodyPublisher publisher() {
    reserve(END.length);
    int first = HEAD.length;
    while (first < length && bytes[first] == BLANK) {
      first++;
    }
    if (bytes[first] == ',') {
      bytes[first] = BLANK;
    }
    System.arraycopy(END, 0, bytes, length, END.length);
    return BodyPublishers.ofByteArray(bytes, 0, length + END.length);
  }

  void clear() {
    texts.clear();
    length = 0;
    put(HEAD, 0, HEAD.length);
  }

  private int begin(long productId, String revision, int textLength) {
    reserve(textLength + OVERHEAD);
    int document = length;
    if (length > HEAD.length) {
      bytes[length++] = ',';
    }
    put(ID, 0, ID.length);
    CouchDbLayout.writeDocumentId(productId, bytes, length);
    length += CouchDbLayout.DIGITS;
    if (revision != null) {
      byte[] ours = ascii(revision);
      put(REVISION, 0, REVISION.length);
      put(ours, 0, ours.length);
    }
    put(MEDIA, 0, MEDIA.length);
    return document;
  }

  private void end(long productId, int document, int from) {
    texts.put(productId, new Slice(document, from, length));
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
