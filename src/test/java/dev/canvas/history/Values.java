package dev.canvas.history;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Encodes values in media: as the file name of the first picture. */
final class Values {

  private static final String PREFIX = "https://history.example/";
  private static final String SUFFIX = ".jpg";

  /** The value of media that no client wrote. */
  private static final long FOREIGN = -1;

  private Values() {}

  static String url(long value) {
    return PREFIX + value + SUFFIX;
  }

  /** An item that encodes a value, without an id. */
  static JsonObject item(long value) {
    return new JsonObject().put("type", "image").put("url", url(value)).put("alt", "A value");
  }

  static long ofUrl(String url) {
    if (url == null || !url.startsWith(PREFIX) || !url.endsWith(SUFFIX)) {
      return FOREIGN;
    }
    return Long.parseLong(url.substring(PREFIX.length(), url.length() - SUFFIX.length()));
  }

  /** The value that media encode. */
  static long ofMedia(JsonArray media) {
    return ofItem(media, 0);
  }

  /** The value that an item encodes; a foreign one if there is no such item. */
  static long ofItem(JsonArray media, int index) {
    return index < media.size() ? ofUrl(media.getJsonObject(index).getString("url")) : FOREIGN;
  }
}
