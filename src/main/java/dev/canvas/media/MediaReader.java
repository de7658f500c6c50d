package dev.canvas.media;

import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the bodies of writes to one product. Every method throws a {@link ProblemException}: {@link
 * Problem#MALFORMED_REQUEST}, with line and column, for a body that is not JSON, and {@link
 * Problem#INVALID_MEDIA}, with all errors, for one that is invalid. Thread-safe.
 */
public final class MediaReader {

  private final MediaRules rules;

  public MediaReader(MediaRules rules) {
    this.rules = rules;
  }

  /** Reads {@code {"media":[…]}}. An item without an id gets {@link MediaItem#NEW}. */
  public List<MediaItem> media(Buffer body) {
    return JsonBody.read(body, object -> list(object, "media", array -> items(array, rules)));
  }

  /** Reads one item that is to be added, so it must not have an id. */
  public MediaItem item(Buffer body) {
    return JsonBody.read(
        body,
        object -> {
          MediaItem item = new ItemReader(object).read();
          rules.check(item, object.faults());
          if (item.id() != MediaItem.NEW) {
            object.faults().add("/id", "expected no id: the service assigns it");
          }
          return item;
        });
  }

  /** Reads a merge patch of one item. */
  public ItemPatch patch(Buffer body) {
    return JsonBody.read(
        body,
        true,
        patch -> {
          rules.check(new ItemReader(patch).read(), patch.faults());
          return new ItemPatch(body.toString(StandardCharsets.UTF_8));
        });
  }

  /** Reads {@code {"order":[…]}}, a list of item ids. */
  public List<Long> order(Buffer body) {
    return JsonBody.read(body, object -> list(object, "order", MediaReader::ids));
  }

  /**
   * Reads and checks the items of the array at the current token; {@code /media} is its pointer.
   */
  static List<MediaItem> items(JsonBody body, MediaRules rules) throws IOException {
    Faults faults = body.faults();
    List<MediaItem> items = new ArrayList<>();
    ItemReader reader = new ItemReader(body);
    while (body.json().nextToken() != JsonToken.END_ARRAY) {
      faults.enterElement("/media", items.size());
      MediaItem item = reader.read();
      rules.check(item, faults);
      items.add(item);
    }
    faults.leaveElement();
    if (items.size() > MediaRules.MAX_ITEMS) {
      faults.add("/media", "expected at most %d items", MediaRules.MAX_ITEMS);
    }
    return items;
  }

  private static List<Long> ids(JsonBody body) throws IOException {
    List<Long> ids = new ArrayList<>();
    while (body.json().nextToken() != JsonToken.END_ARRAY) {
      ids.add(body.whole("/order/" + ids.size(), ProductId.MAX));
    }
    return ids;
  }

  /** Reads an object whose only member is an array. */
  private static <T> List<T> list(JsonBody body, String name, JsonBody.Reader<List<T>> elements)
      throws IOException {
    if (!body.isObject("")) {
      return List.of();
    }
    List<T> list = null;
    for (String member = body.nextMember(); member != null; member = body.nextMember()) {
      if (!member.equals(name)) {
        body.refuseUnknown("", member);
      } else {
        list = body.isArray("/" + name) ? elements.read(body) : List.of();
      }
    }
    if (list == null) {
      body.faults().add("/" + name, "is missing");
    }
    return list;
  }
}
