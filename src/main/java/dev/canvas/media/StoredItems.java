package dev.canvas.media;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Checks item arrays that come out of a store, where SQL can put anything that is JSON. It is done
 * once for each row that is read there for a reader; caches and readers then rely on it.
 * Thread-safe.
 */
final class StoredItems {

  /** Stands for whatever is no array of items. */
  static final Buffer UNREADABLE = Buffer.buffer("null");

  private static final JsonFactory JSON = new JsonFactory();

  private StoredItems() {}

  /** The text without white space behind it. */
  static Buffer trimmed(Buffer items) {
    int end = items.length();
    while (end > 0 && items.getByte(end - 1) <= ' ') {
      end--;
    }
    return end == items.length() ? items : items.getBuffer(0, end);
  }

  /**
   * Whether it is an array of objects that have a type, also one that this release does not know.
   */
  static boolean areItems(byte[] text) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        return false;
      }
      while (json.nextToken() == JsonToken.START_OBJECT) {
        if (!hasType(json)) {
          return false;
        }
      }
      return json.currentToken() == JsonToken.END_ARRAY && json.nextToken() == null;
    } catch (IOException malformed) {
      return false;
    }
  }

  private static boolean hasType(JsonParser json) throws IOException {
    boolean typed = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean type = json.currentName().equals("type");
      typed |= json.nextToken() != JsonToken.VALUE_NULL && type;
      json.skipChildren();
    }
    return typed;
  }
}
