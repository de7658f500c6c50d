package dev.canvas.http.page;

import dev.canvas.media.CssColour;
import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaRules;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A picture or video as a page shows it. What a store holds is not trusted here: whoever can write
 * to it is not to run scripts on the reader's side. Immutable.
 *
 * @param video whether it is a video
 * @param url where its file is: safe to load; or null where pages may not load it, as it is at http
 * @param alt what it shows; empty where it is decorative
 * @param width in pixels, or null; with {@code height} or not at all
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
   * An address with a host, or a path on this site. A second slash, or the backslash that browsers
   * take for one, would make a host of the path's first part (URL Standard, section 4.4, "relative
   * slash state"); white space and control characters, which browsers skip, would hide either.
   */
  private static final Pattern LOADABLE =
      Pattern.compile(
          "(?:https?://[^/\\\\]|/(?![/\\\\]))[^\\s\\p{Cntrl}]*", Pattern.CASE_INSENSITIVE);

  private static final Pattern HTTP = Pattern.compile("http:.*", Pattern.CASE_INSENSITIVE);

  /**
   * An item as pages show it; empty where its address is not one to load.
   *
   * @param fallback what it is called where the item has no alternative text
   * @param rules what the policy of the pages lets them load
   */
  static Optional<GalleryItem> of(MediaItem item, String fallback, MediaRules rules) {
    if (!loadable(item.url())) {
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
