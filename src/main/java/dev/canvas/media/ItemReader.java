package dev.canvas.media;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads items of a JSON text, and notes what no item has: other attributes, other types. Belongs to
 * one reading.
 */
final class ItemReader {

  private final JsonParser json;
  private final Faults faults;
  private final boolean partial;
  private final JsonValues values;

  private boolean hasType;
  private boolean hasUrl;
  private long id;
  private MediaItem.Type type;
  private String url;
  private String alt;
  private boolean decorative;
  private Integer width;
  private Integer height;
  private String poster;
  private String mime;
  private MediaItem.Focal focal;
  private String placeholder;
  private List<String> variants;

  /**
   * @param partial whether what is read is a merge patch: nothing has to be there, and null is as
   *     good as any value
   */
  ItemReader(JsonParser json, Faults faults, boolean partial) {
    this.json = json;
    this.faults = faults;
    this.partial = partial;
    this.values = new JsonValues(json, faults, partial);
  }

  /**
   * Reads the item whose first token is the current one; attributes that are missing or wrong are
   * null in it.
   */
  MediaItem read() throws IOException {
    clear();
    if (json.currentToken() != JsonToken.START_OBJECT) {
      faults.add("", "expected an object");
      json.skipChildren();
      return item();
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      readAttribute(name);
    }
    if (!partial && !hasType) {
      faults.add("/type", "is missing");
    }
    if (!partial && !hasUrl) {
      faults.add("/url", "is missing");
    }
    return item();
  }

  private void clear() {
    hasType = false;
    hasUrl = false;
    id = MediaItem.NEW;
    type = null;
    url = null;
    alt = null;
    decorative = false;
    width = null;
    height = null;
    poster = null;
    mime = null;
    focal = null;
    placeholder = null;
    variants = List.of();
  }

  private MediaItem item() {
    return new MediaItem(
        id, type, url, alt, decorative, width, height, poster, mime, focal, placeholder, variants);
  }

  private void readAttribute(String name) throws IOException {
    switch (name) {
      case "id" -> id = values.whole("/id", ProductId.MAX);
      case "type" -> type = type();
      case "url" -> {
        hasUrl = true;
        url = values.text("/url");
      }
      case "alt" -> alt = values.text("/alt");
      case "decorative" -> decorative = values.flag("/decorative");
      case "width" -> width = pixels("/width");
      case "height" -> height = pixels("/height");
      case "poster" -> poster = values.text("/poster");
      case "mime" -> mime = values.text("/mime");
      case "focal" -> focal = focal();
      case "placeholder" -> placeholder = values.text("/placeholder");
      case "variants" -> variants = variants();
      default -> values.refuseName("", name);
    }
  }

  private MediaItem.Type type() throws IOException {
    hasType = true;
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      for (MediaItem.Type each : MediaItem.Type.values()) {
        if (each.word().equals(json.getText())) {
          return each;
        }
      }
    }
    values.refuse("/type", "expected \"image\" or \"video\"");
    return null;
  }

  private Integer pixels(String pointer) throws IOException {
    int value = (int) values.whole(pointer, MediaRules.MAX_PIXELS);
    return value == 0 ? null : Integer.valueOf(value);
  }

  private MediaItem.Focal focal() throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      values.refuse("/focal", "expected an object of x and y");
      return null;
    }
    Double x = null;
    Double y = null;
    boolean hasX = false;
    boolean hasY = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals("x")) {
        hasX = true;
        x = values.share("/focal/x");
      } else if (name.equals("y")) {
        hasY = true;
        y = values.share("/focal/y");
      } else {
        values.refuseName("/focal", name);
      }
    }
    if (!partial && !hasX) {
      faults.add("/focal/x", "is missing");
    }
    if (!partial && !hasY) {
      faults.add("/focal/y", "is missing");
    }
    return x == null || y == null ? null : new MediaItem.Focal(x, y);
  }

  private List<String> variants() throws IOException {
    List<String> names = new ArrayList<>();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      values.refuse("/variants", "expected a list of names");
      return names;
    }
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      String name = values.text("/variants/" + i);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }
}
