package dev.canvas.media;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One picture or video of a product. Immutable.
 *
 * @param id unique within the product, never reused
 * @param type picture or video
 * @param url the address of the file: absolute, or a path on this site
 * @param alt the alternative text for people who cannot see the item; at most 500 characters, or
 *     null
 * @param decorative whether the item adds nothing to the text beside it; then {@code alt} is empty
 * @param width in pixels, or null
 * @param height in pixels, or null
 * @param poster the address of the picture shown before a video plays, or null
 * @param mime the media type of the file, or null
 * @param focal the point that a crop keeps in view, or null
 * @param placeholder the CSS colour shown until the file has loaded, or null
 * @param variants the names of the product variants that the item shows; empty for all
 * @param others what the store has beyond that and this release does not understand, as JSON by
 *     name; such an item may have no type
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
    List<String> variants,
    Map<String, String> others) {

  /** Stands for an id that is still to be assigned. */
  public static final long NEW = 0;

  private static final Set<String> OF_THE_FILE =
      Set.of("width", "height", "poster", "mime", "focal", "placeholder");

  /** The highest id that an import may bring, so that the service can assign ids above it. */
  static final long MAX_IMPORTED = 1L << 50;

  /** Whether an item is a picture or a video. */
  public enum Type {
    /** A picture. */
    IMAGE("image"),
    /** A video. */
    VIDEO("video");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** The type as documents name it. */
    public String text() {
      return text;
    }
  }

  /**
   * A point of a picture, relative to its size.
   *
   * @param x from 0, the left edge, to 1, the right edge
   * @param y from 0, the upper edge, to 1, the lower edge
   */
  public record Focal(double x, double y) {}

  /** Copies the list of variants, and the others in their order. */
  public MediaItem {
    variants = List.copyOf(variants);
    others = others.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /** An item that this release understands as a whole. */
  public MediaItem(
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
    this(
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
        Map.of());
  }

  /** The same item with another id. */
  MediaItem withId(long other) {
    return with(other, others);
  }

  /** The same item without what this release does not understand. */
  MediaItem understood() {
    return others.isEmpty() ? this : withOthers(Map.of());
  }

  /** The attributes whose names this release does not know, as JSON by name. */
  Map<String, String> unknown() {
    if (others.isEmpty()) {
      return others;
    }
    Map<String, String> unknown = new LinkedHashMap<>(others);
    unknown.keySet().removeIf(ItemReader::isKnown);
    return unknown;
  }

  /** The same item with other attributes that this release does not understand. */
  MediaItem withOthers(Map<String, String> different) {
    return with(id, different);
  }

  private MediaItem with(long otherId, Map<String, String> different) {
    return new MediaItem(
        otherId,
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
        different);
  }

  /**
   * The same item with another file. The alternative text and the variants stay, because the item
   * still shows the same, and so does what this release does not understand. What described the old
   * file is removed: size, media type, poster, focal point and placeholder.
   */
  MediaItem withFile(String other) {
    Map<String, String> kept = new LinkedHashMap<>(others);
    kept.keySet().removeAll(OF_THE_FILE);
    return new MediaItem(
        id, type, other, alt, decorative, null, null, null, null, null, null, variants, kept);
  }

  /** A new picture or video of which only the address is known. */
  public static MediaItem file(Type type, String url) {
    return new MediaItem(
        NEW, type, url, null, false, null, null, null, null, null, null, List.of());
  }
}
