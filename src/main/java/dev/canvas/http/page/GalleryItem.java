package dev.canvas.http.page;

import dev.canvas.media.CssColour;
import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaRules;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A picture or video as a page shows it. Nothing from the store is trusted: write access to the
 * store must not be enough to run scripts in a visitor's browser. Immutable.
 *
 * @param video whether it is a video
 * @param url the address of its file, safe to load; null if it is http and pages may not load that
 * @param alt its alternative text; empty if it is decorative
 * @param width in pixels, or null; present only together with {@code height}
 * @param height in pixels, or null
 * @param poster the picture shown before a video plays, safe to load, or null
 * @param placeholder a colour that is safe in an attribute, or null
 */
record GalleryItem(
    boolean video,
    String url,
    String alt,
    Integer width,
    Integer height,
    String poster,
    String placeholder) {

  /**
   * An absolute address, or a path on this site. With a second slash, or a backslash, which
   * browsers treat like one, the first part of a path would become a host (URL Standard, section
   * 4.4, "relative slash state"). White space and control characters, which browsers drop, could
   * hide it.
   */
  private static final Pattern LOADABLE =
      Pattern.compile(
          "(?:https?://[^/\\\\]|/(?![/\\\\]))[^\\s\\p{Cntrl}]*", Pattern.CASE_INSENSITIVE);

  private static final Pattern HTTP = Pattern.compile("http:.*", Pattern.CASE_INSENSITIVE);

  /**
   * Builds the model; empty if the item's address is not safe to load, or its type not known.
   *
   * @param fallback the text for an item without alternative text
   * @param rules decides whether the page may load media over http
   */
  static Optional<GalleryItem> of(MediaItem item, String fallback, MediaRules rules) {
    if (item.type() == null || !loadable(item.url())) {
      return Optional.empty();
    }
    boolean sized = positive(item.width()) && positive(item.height());
    String alt = item.alt() == null || item.alt().isBlank() ? fallback : item.alt();
    return Optional.of(
        new GalleryItem(
            item.type() == MediaItem.Type.VIDEO,
            allowed(item.url(), rules) ? item.url() : null,
            item.decorative() ? "" : alt,
            sized ? item.width() : null,
            sized ? item.height() : null,
            loadable(item.poster()) && allowed(item.poster(), rules) ? item.poster() : null,
            colour(item.placeholder())));
  }

  /** Whether it gets a row of its own where there are columns. */
  boolean wide() {
    return width != null && width > height * 1.2;
  }

  private static boolean loadable(String url) {
    return url != null && LOADABLE.matcher(url).matches();
  }

  private static boolean allowed(String url, MediaRules rules) {
    return rules.allowHttp() || !HTTP.matcher(url).matches();
  }

  private static String colour(String text) {
    return text != null && CssColour.isValid(text) ? text : null;
  }

  private static boolean positive(Integer length) {
    return length != null && length > 0;
  }
}
