package dev.canvas.http.page;

import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaRules;
import dev.canvas.media.ProductMedia;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A product's media as a page shows them, in order. Immutable.
 *
 * @param items the pictures and videos
 */
record Gallery(List<GalleryItem> items) {

  /** More connections at once would delay each other. */
  private static final int MAX_ORIGINS = 3;

  /** More pictures of one product that cannot be loaded are not worth trying. */
  private static final int MAX_COVERS = 5;

  private static final Pattern ORIGIN =
      Pattern.compile("^(https?://[^/?#]+).*", Pattern.CASE_INSENSITIVE);

  Gallery {
    items = List.copyOf(items);
  }

  /**
   * Builds the model.
   *
   * @param name the name of the product
   * @param rules decides whether the page may load media over http
   */
  static Gallery of(String name, ProductMedia media, MediaRules rules) {
    List<GalleryItem> items = new ArrayList<>();
    for (MediaItem item : media.items()) {
      String kind = item.type() == MediaItem.Type.VIDEO ? "video" : "picture";
      String fallback = name + ", " + kind + " " + (items.size() + 1);
      GalleryItem.of(item, fallback, rules).ifPresent(items::add);
    }
    return new Gallery(items);
  }

  /** Returns the first picture that the page can load, or null. */
  GalleryItem firstPicture() {
    return items.stream()
        .filter(item -> !item.video() && item.url() != null)
        .findFirst()
        .orElse(null);
  }

  /**
   * Returns the addresses of pictures that may stand for the product, the best first: its pictures,
   * then the posters of its videos. Where the first cannot be loaded, the next one is shown.
   */
  List<String> covers() {
    Stream<String> pictures = items.stream().filter(item -> !item.video()).map(GalleryItem::url);
    Stream<String> posters = items.stream().map(GalleryItem::poster);
    return Stream.concat(pictures, posters)
        .filter(Objects::nonNull)
        .distinct()
        .limit(MAX_COVERS)
        .toList();
  }

  /** Returns the first few other origins of the files, for the browser to connect to early. */
  List<String> origins() {
    return items.stream()
        .map(item -> item.video() ? item.poster() : item.url())
        .filter(url -> url != null && !url.startsWith("/"))
        .map(url -> ORIGIN.matcher(url).replaceFirst("$1").toLowerCase(Locale.ROOT))
        .distinct()
        .limit(MAX_ORIGINS)
        .toList();
  }

  /** Returns the number of items, such as {@code 7 pictures, 1 video}. */
  String summary() {
    long videos = items.stream().filter(GalleryItem::video).count();
    long pictures = items.size() - videos;
    if (pictures == 0 && videos > 0) {
      return count(videos, "video");
    }
    return count(pictures, "picture") + (videos > 0 ? ", " + count(videos, "video") : "");
  }

  private static String count(long number, String thing) {
    return (number == 0 ? "No" : number) + " " + thing + (number == 1 ? "" : "s");
  }
}
