package dev.canvas.media;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON merge patch of one item (RFC 7396): each member replaces the attribute of that name, and
 * null removes it. Immutable.
 *
 * @param json the patch; each value has been validated, the result of merging has not
 */
public record ItemPatch(String json) {

  /**
   * The item after the patch. It may keep a URL or a media type even where new ones like it are
   * refused, because whoever stored it was allowed to.
   *
   * @throws ProblemException {@link Problem#INVALID_MEDIA} if the result is not a valid item, or
   *     has another id
   */
  MediaItem appliedTo(MediaItem item) {
    JsonObject merged =
        ItemsJson.encode(List.of(item.withOthers(Map.of()))).toJsonArray().getJsonObject(0);
    JsonObject patch = new JsonObject(json);
    merge(merged, patch);
    MediaItem patched =
        JsonBody.read(
            merged.toBuffer(),
            body -> {
              MediaItem read = new ItemReader(body).read();
              new MediaRules(true, MediaHosts.ANY).checkEach(read, body.faults());
              if (patch.containsKey("type") || patch.containsKey("mime")) {
                MediaRules.checkMimeOfType(read, body.faults());
              }
              return read;
            });
    if (patched.id() != item.id()) {
      Faults faults = new Faults();
      faults.add("/id", "expected %d or no id: the id of an item cannot change", item.id());
      faults.throwIfAny();
    }
    Map<String, String> others = new LinkedHashMap<>(item.others());
    others.keySet().removeAll(patch.fieldNames());
    return patched.withOthers(others);
  }

  private static void merge(JsonObject target, JsonObject patch) {
    for (Map.Entry<String, Object> member : patch) {
      String name = member.getKey();
      if (member.getValue() == null) {
        target.remove(name);
      } else if (member.getValue() instanceof JsonObject part) {
        JsonObject whole =
            target.getValue(name) instanceof JsonObject existing ? existing : new JsonObject();
        merge(whole, part);
        target.put(name, whole);
      } else {
        target.put(name, member.getValue());
      }
    }
  }
}
