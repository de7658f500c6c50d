package dev.canvas.media;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the bodies of writes. What is no JSON fails with {@link Problem#MALFORMED_REQUEST} and the
 * place, what is invalid with {@link Problem#INVALID_MEDIA} and all faults. Thread-safe.
 */
public final class MediaReader {

  private final MediaRules rules;

  public MediaReader(MediaRules rules) {
    this.rules = rules;
  }

  /** Reads {@code {"media":[…]}}; an item without an id has {@link MediaItem#NEW}. */
  public List<MediaItem> media(Buffer body) {
    return JsonBody.read(body, (json, faults) -> list(json, faults, "media", this::items));
  }

  /** Reads an item that is to be given an id. */
  public MediaItem item(Buffer body) {
    return JsonBody.read(
        body,
        (json, faults) -> {
          MediaItem item = new ItemReader(json, faults, false).read();
          rules.check(item, faults);
          if (item.id() != MediaItem.NEW) {
            faults.add("/id", "expected none, as it is given here");
          }
          return item;
        });
  }

  /**
   * Reads a whole item, with its id. What is at http stays there: whoever gave it was allowed to.
   */
  static MediaItem patched(Buffer item) {
    return JsonBody.read(
        item,
        (json, faults) -> {
          MediaItem read = new ItemReader(json, faults, false).read();
          new MediaRules(true).check(read, faults);
          return read;
        });
  }

  /** Reads a merge patch of an item. */
  public ItemPatch patch(Buffer body) {
    return JsonBody.read(
        body,
        (json, faults) -> {
          rules.check(new ItemReader(json, faults, true).read(), faults);
          return new ItemPatch(body.toString(StandardCharsets.UTF_8));
        });
  }

  /** Reads {@code {"order":[…]}}. */
  public List<Long> order(Buffer body) {
    return JsonBody.read(body, (json, faults) -> list(json, faults, "order", MediaReader::ids));
  }

  /** Reads the items of an array; its beginning is the current token. */
  List<MediaItem> items(JsonParser json, Faults faults) throws IOException {
    List<MediaItem> items = new ArrayList<>();
    ItemReader reader = new ItemReader(json, faults, false);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      faults.within("/media", items.size());
      MediaItem item = reader.read();
      rules.check(item, faults);
      items.add(item);
    }
    faults.within();
    if (items.size() > MediaRules.MAX_ITEMS) {
      faults.add("/media", "expected at most %d items", MediaRules.MAX_ITEMS);
    }
    return items;
  }

  private static List<Long> ids(JsonParser json, Faults faults) throws IOException {
    List<Long> ids = new ArrayList<>();
    JsonValues values = new JsonValues(json, faults, false);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      ids.add(values.whole("/order/" + ids.size(), ProductId.MAX));
    }
    return ids;
  }

  /** Reads an object whose one member is an array. */
  private static <T> List<T> list(
      JsonParser json, Faults faults, String name, JsonBody.Reading<List<T>> elements)
      throws IOException {
    JsonValues values = new JsonValues(json, faults, false);
    if (json.currentToken() != JsonToken.START_OBJECT) {
      values.refuse("", "expected an object");
      return List.of();
    }
    List<T> list = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      json.nextToken();
      if (!member.equals(name)) {
        values.refuseName("", member);
      } else if (json.currentToken() != JsonToken.START_ARRAY) {
        values.refuse("/" + name, "expected an array");
        list = List.of();
      } else {
        list = elements.read(json, faults);
      }
    }
    if (list == null) {
      faults.add("/" + name, "is missing");
    }
    return list;
  }
}
