package dev.canvas.media;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A merge patch of an item (RFC 7396): each member named replaces the item's, null takes it away.
 * Immutable.
 *
 * @param json the patch in JSON, of which each value is valid
 */
public record ItemPatch(String json) {

  /**
   * The item with the patch merged in.
   *
   * @throws ProblemException {@link Problem#INVALID_MEDIA} where that is no valid item
   */
  MediaItem appliedTo(MediaItem item) {
    JsonObject merged = ItemsJson.encode(List.of(item)).toJsonArray().getJsonObject(0);
    merge(merged, new JsonObject(json));
    MediaItem patched = MediaReader.patched(merged.toBuffer());
    if (patched.id() != item.id()) {
      Faults faults = new Faults();
      faults.add("/id", "expected %d or none, as an item keeps its id", item.id());
      faults.refuse();
    }
    return patched;
  }

  private static void merge(JsonObject target, JsonObject patch) {
    for (Map.Entry<String, Object> member : patch) {
      String name = member.getKey();
      if (member.getValue() == null) {
        target.remove(name);
      } else if (member.getValue() instanceof JsonObject part) {
        JsonObject whole =
            target.getValue(name) instanceof JsonObject there ? there : new JsonObject();
        merge(whole, part);
        target.put(name, whole);
      } else {
        target.put(name, member.getValue());
      }
    }
  }
}
