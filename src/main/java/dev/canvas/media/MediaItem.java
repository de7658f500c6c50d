package dev.canvas.media;

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

  /** The highest id that may come with an import: the service's own go on behind it. */
  static final long MAX_IMPORTED = 1L << 50;

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

  /** The same item under another number. */
  MediaItem withId(long other) {
    return new MediaItem(
        other,
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
        variants);
  }

  /**
   * Another file in this item's place: it shows the same in the same place, so the texts for it and
   * the variants stay; what described the old file goes: its sizes, media type, poster, focal point
   * and colour.
   */
  MediaItem withFile(String other) {
    return new MediaItem(
        id, type, other, alt, decorative, null, null, null, null, null, null, variants);
  }

  /** A picture or video of which nothing is known but where it is. */
  public static MediaItem file(Type type, String url) {
    return new MediaItem(
        NEW, type, url, null, false, null, null, null, null, null, null, List.of());
  }
}
