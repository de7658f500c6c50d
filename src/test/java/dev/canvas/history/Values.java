package dev.canvas.history;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** How values stand in media: as the name of the first picture's file. */
final class Values {

  private static final String PREFIX = "https://history.example/";
  private static final String SUFFIX = ".jpg";

  /** What the service answers with and no client ever wrote. */
  private static final long NONE_OF_OURS = -1;

  private Values() {}

  static String url(long value) {
    return PREFIX + value + SUFFIX;
  }

  /** An item with a value, without an id. */
  static JsonObject item(long value) {
    return new JsonObject().put("type", "image").put("url", url(value)).put("alt", "A value");
  }

  static long ofUrl(String url) {
    if (url == null || !url.startsWith(PREFIX) || !url.endsWith(SUFFIX)) {
      return NONE_OF_OURS;
    }
    return Long.parseLong(url.substring(PREFIX.length(), url.length() - SUFFIX.length()));
  }

  /** The value of a product's media. */
  static long ofMedia(JsonArray media) {
    return ofItem(media, 0);
  }

  /** The value that an item has; none of ours where there is no such item. */
  static long ofItem(JsonArray media, int place) {
    return place < media.size() ? ofUrl(media.getJsonObject(place).getString("url")) : NONE_OF_OURS;
  }
}
