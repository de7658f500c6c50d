package dev.canvas.media;

import io.vertx.core.json.JsonObject;

/**
 * A merge patch of an item (RFC 7396): each member named replaces the item's, null takes it away.
 * Immutable.
 *
 * @param json the patch in JSON
 */
public record ItemPatch(String json) {

  /** The item with the patch merged in. */
  public JsonObject mergedInto(JsonObject item) {
    return item.mergeIn(new JsonObject(json));
  }
}
