package dev.canvas.media;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * One picture or video of a product. Immutable.
 *
 * @param id unique within the product, never reused
 * @param type picture or video
 * @param url where the file is: absolute, or a path on this site
 * @param alt what it shows, for those who cannot see it; at most 500 characters, or null
 * @param decorative whether it says nothing that the text beside it does not; then {@code alt} is
 *     empty
 * @param width in pixels, or null
 * @param height in pixels, or null
 * @param poster the picture shown before a video plays, or null
 * @param mime the media type of the file, or null
 * @param focal the point that a crop keeps, or null
 * @param placeholder a CSS colour to show until the file is there, or null
 * @param variants the names of the product's variants that it shows; empty for all
 */
public record MediaItem(
    long id,
    Type type,
    String url,
    String alt,
    boolean decorative,
    Integer width,
    Integer height,
    String poster,
    String mime,
    Focal focal,
    String placeholder,
    List<String> variants) {

  /** The id of an item that is to be given one. */
  public static final long NEW = 0;

  /** What an item is. */
  public enum Type {
    /** A picture. */
    IMAGE("image"),
    /** A video. */
    VIDEO("video");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** The word for it in a document. */
    public String word() {
      return word;
    }
  }

  /**
   * A point of a picture.
   *
   * @param x from the left edge (0) to the right (1)
   * @param y from the upper edge (0) to the lower (1)
   */
  public record Focal(double x, double y) {}

  /** Copies the list of variants. */
  public MediaItem {
    variants = List.copyOf(variants);
  }

  /** Reads an item of a document. */
  public static MediaItem fromJson(JsonObject json) {
    JsonObject focal = json.getJsonObject("focal");
    return new MediaItem(
        json.getLong("id"),
        json.getString("type").equals(Type.VIDEO.word) ? Type.VIDEO : Type.IMAGE,
        json.getString("url"),
        json.getString("alt"),
        json.getBoolean("decorative", false),
        json.getInteger("width"),
        json.getInteger("height"),
        json.getString("poster"),
        json.getString("mime"),
        focal == null ? null : new Focal(focal.getDouble("x"), focal.getDouble("y")),
        json.getString("placeholder"),
        json.getJsonArray("variants", new JsonArray()).stream().map(String.class::cast).toList());
  }

  /** The item as a document holds it: keys in the documented order, absent attributes left out. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject().put("id", id).put("type", type.word).put("url", url);
    putPresent(json, "alt", alt);
    putPresent(json, "decorative", decorative ? true : null);
    putPresent(json, "width", width);
    putPresent(json, "height", height);
    putPresent(json, "poster", poster);
    putPresent(json, "mime", mime);
    if (focal != null) {
      json.put("focal", new JsonObject().put("x", focal.x).put("y", focal.y));
    }
    putPresent(json, "placeholder", placeholder);
    if (!variants.isEmpty()) {
      json.put("variants", new JsonArray(variants));
    }
    return json;
  }

  private static void putPresent(JsonObject json, String key, Object value) {
    if (value != null) {
      json.put(key, value);
    }
  }
}
