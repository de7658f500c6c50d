package dev.canvas.http.page;

import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaRules;
import dev.canvas.media.ProductMedia;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A product's media as a page shows them, in their order. Immutable.
 *
 * @param exhibits the pictures and videos
 */
record Gallery(List<GalleryItem> exhibits) {

  /** More connections at once would delay each other. */
  private static final int MOST_ORIGINS = 3;

  private static final Pattern ORIGIN =
      Pattern.compile("^(https?://[^/?#]+).*", Pattern.CASE_INSENSITIVE);

  Gallery {
    exhibits = List.copyOf(exhibits);
  }

  /**
   * @param name what the product is called
   * @param rules what the policy of the pages lets them load
   */
  static Gallery of(String name, ProductMedia media, MediaRules rules) {
    List<GalleryItem> exhibits = new ArrayList<>();
    for (MediaItem item : media.items()) {
      String kind = item.type() == MediaItem.Type.VIDEO ? "video" : "picture";
      String fallback = name + ", " + kind + " " + (exhibits.size() + 1);
      GalleryItem.of(item, fallback, rules).ifPresent(exhibits::add);
    }
    return new Gallery(exhibits);
  }

  /** The first picture that can be loaded, or null. */
  GalleryItem firstPicture() {
    return exhibits.stream()
        .filter(exhibit -> !exhibit.video() && exhibit.url() != null)
        .findFirst()
        .orElse(null);
  }

  /** Where the picture is that stands for the product: a picture, or a video's poster, or null. */
  String cover() {
    GalleryItem first = firstPicture();
    if (first != null) {
      return first.url();
    }
    return exhibits.stream()
        .map(GalleryItem::poster)
        .filter(poster -> poster != null)
        .findFirst()
        .orElse(null);
  }

  /**
   * Where its files come from beside this site: the first few origins, to be connected to early.
   */
  List<String> origins() {
    return exhibits.stream()
        .map(exhibit -> exhibit.video() ? exhibit.poster() : exhibit.url())
        .filter(url -> url != null && !url.startsWith("/"))
        .map(url -> ORIGIN.matcher(url).replaceFirst("$1").toLowerCase(Locale.ROOT))
        .distinct()
        .limit(MOST_ORIGINS)
        .toList();
  }

  /** How much there is: {@code 7 pictures, 1 video}. */
  String summary() {
    long videos = exhibits.stream().filter(GalleryItem::video).count();
    long pictures = exhibits.size() - videos;
    if (pictures == 0 && videos > 0) {
      return count(videos, "video");
    }
    return count(pictures, "picture") + (videos > 0 ? ", " + count(videos, "video") : "");
  }

  private static String count(long number, String thing) {
    return (number == 0 ? "No" : number) + " " + thing + (number == 1 ? "" : "s");
  }
}
