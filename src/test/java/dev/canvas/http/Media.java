package dev.canvas.http;

import io.vertx.core.json.JsonObject;

/** Builds items of documents. */
public final class Media {

  private Media() {}

  public static JsonObject picture(long id, String url) {
    return new JsonObject().put("id", id).put("type", "image").put("url", url);
  }

  public static JsonObject video(long id, String url) {
    return new JsonObject().put("id", id).put("type", "video").put("url", url);
  }
}
