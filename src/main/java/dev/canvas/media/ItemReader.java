package dev.canvas.media;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads media items from JSON. Records a fault for each unknown attribute, wrong type and missing
 * attribute; {@link MediaRules} checks the values. Not thread-safe: one instance per text, used for
 * all items of it.
 */
final class ItemReader {

  private static final List<MediaItem.Type> TYPES = List.of(MediaItem.Type.values());

  /** The attributes that may be null instead of absent. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "id",
          "alt",
          "decorative",
          "width",
          "height",
          "poster",
          "mime",
          "focal",
          "placeholder",
          "variants");

  private final JsonBody body;

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
  private final Map<String, String> others = new LinkedHashMap<>();

  ItemReader(JsonBody body) {
    this(body, false);
  }

  /**
   * @param stored whether the items come from the store, so that what is not understood is kept: a
   *     newer release may have written it
   */
  ItemReader(JsonBody body, boolean stored) {
    this.body = body;
    if (stored) {
      body.keepUnknown(others);
    }
  }

  /** Whether an attribute of this name is one that this release knows. */
  static boolean isKnown(String name) {
    return OPTIONAL.contains(name) || name.equals("type") || name.equals("url");
  }

  /**
   * Reads the item at the current token. Attributes that are missing or invalid are null in the
   * result.
   */
  MediaItem read() throws IOException {
    clear();
    if (!body.isObject("")) {
      return item();
    }
    for (String name = body.nextMember(); name != null; name = body.nextMember()) {
      if (!body.isAbsent() || !OPTIONAL.contains(name)) {
        readAttribute(name);
      }
    }
    require(hasType, "/type");
    require(hasUrl, "/url");
    return item();
  }

  private void require(boolean present, String pointer) {
    if (!present && !body.isPatch()) {
      body.faults().add(pointer, "is missing");
    }
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
    others.clear();
  }

  private MediaItem item() {
    return new MediaItem(
        id,
        type,
        url,
        alt,
        decorative,
        width,
        height,
        poster,
        mime,
        focal,
        placeholder,
        variants,
        others);
  }

  private void readAttribute(String name) throws IOException {
    switch (name) {
      case "id" -> id = body.whole("/id", ProductId.MAX);
      case "type" -> type = type();
      case "url" -> {
        hasUrl = true;
        url = MediaUrl.withAsciiHost(body.text("/url"));
      }
      case "alt" -> alt = body.text("/alt");
      case "decorative" -> decorative = body.flag("/decorative");
      case "width" -> width = pixels("/width");
      case "height" -> height = pixels("/height");
      case "poster" -> poster = MediaUrl.withAsciiHost(body.text("/poster"));
      case "mime" -> mime = body.text("/mime");
      case "focal" -> focal = focal();
      case "placeholder" -> placeholder = body.text("/placeholder");
      case "variants" -> variants = variants();
      default -> body.refuseUnknown("", name);
    }
  }

  private MediaItem.Type type() throws IOException {
    hasType = true;
    if (body.json().currentToken() == JsonToken.VALUE_STRING) {
      String name = body.json().getText();
      for (MediaItem.Type each : TYPES) {
        if (each.text().equals(name)) {
          return each;
        }
      }
    }
    body.refuse("/type", "expected \"image\" or \"video\"");
    return null;
  }

  private Integer pixels(String pointer) throws IOException {
    int value = (int) body.whole(pointer, MediaRules.MAX_PIXELS);
    return value == 0 ? null : Integer.valueOf(value);
  }

  private MediaItem.Focal focal() throws IOException {
    if (body.json().currentToken() != JsonToken.START_OBJECT) {
      body.refuse("/focal", "expected an object with x and y");
      return null;
    }
    Double x = null;
    Double y = null;
    boolean hasX = false;
    boolean hasY = false;
    for (String name = body.nextMember(); name != null; name = body.nextMember()) {
      if (name.equals("x")) {
        hasX = true;
        x = body.share("/focal/x");
      } else if (name.equals("y")) {
        hasY = true;
        y = body.share("/focal/y");
      } else {
        body.refuseUnknown("/focal", name);
      }
    }
    require(hasX, "/focal/x");
    require(hasY, "/focal/y");
    return x == null || y == null ? null : new MediaItem.Focal(x, y);
  }

  private List<String> variants() throws IOException {
    List<String> names = new ArrayList<>();
    if (body.json().currentToken() != JsonToken.START_ARRAY) {
      body.refuse("/variants", "expected an array of names");
      return names;
    }
    for (int i = 0; body.json().nextToken() != JsonToken.END_ARRAY; i++) {
      String name = body.text("/variants/" + i);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }
}
