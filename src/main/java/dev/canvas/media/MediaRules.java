package dev.canvas.media;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What items have to be, beyond the types of their attributes. Immutable.
 *
 * @param allowHttp whether files may be at http URLs too
 */
public record MediaRules(boolean allowHttp) {

  /** The most items of a product. */
  public static final int MAX_ITEMS = 50;

  /** The longest alternative text, in characters (Unicode code points). */
  static final int MAX_ALT = 500;

  /** The most variants that an item may name. */
  static final int MAX_VARIANTS = 100;

  /** The longest name of a variant, in characters. */
  static final int MAX_VARIANT = 100;

  /** The greatest width and height, in pixels. */
  static final int MAX_PIXELS = 100_000;

  /** Notes what is wrong with an item, or with the attributes that there are of one. */
  void check(MediaItem item, Faults faults) {
    checkUrl("/url", item.url(), faults);
    checkUrl("/poster", item.poster(), faults);
    if (item.alt() != null) {
      checkText("/alt", item.alt(), MAX_ALT, faults);
    }
    if (item.mime() != null && !MediaType.isOne(item.mime())) {
      faults.add("/mime", "expected a media type such as image/webp");
    }
    if (item.placeholder() != null && !CssColour.isOne(item.placeholder())) {
      faults.add("/placeholder", "expected a CSS colour: #d8d3cd, a name, rgb(…) or hsl(…)");
    }
    checkVariants(item.variants(), faults);
    if (item.decorative() && item.alt() != null && !item.alt().isEmpty()) {
      faults.add("/alt", "expected none, as the item is decorative");
    }
    if (item.type() == MediaItem.Type.IMAGE && item.poster() != null) {
      faults.add("/poster", "expected none, as only a video has one");
    }
  }

  /** Notes what is wrong with a URL, if there is one. */
  void checkUrl(String pointer, String url, Faults faults) {
    String fault = url == null ? null : MediaUrl.faultOf(url, allowHttp);
    if (fault != null) {
      faults.add(pointer, "%s", fault);
    }
  }

  private static void checkText(String pointer, String text, int most, Faults faults) {
    if (text.length() > most && text.codePointCount(0, text.length()) > most) {
      faults.add(pointer, "expected at most %d characters", most);
    }
    if (!Texts.areClean(text)) {
      faults.add(pointer, "expected no control characters");
    }
  }

  private static void checkVariants(List<String> variants, Faults faults) {
    if (variants.isEmpty()) {
      return;
    }
    if (variants.size() > MAX_VARIANTS) {
      faults.add("/variants", "expected at most %d names", MAX_VARIANTS);
      return;
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < variants.size(); i++) {
      String pointer = "/variants/" + i;
      checkText(pointer, variants.get(i), MAX_VARIANT, faults);
      if (variants.get(i).isBlank()) {
        faults.add(pointer, "expected a name");
      } else if (!names.add(variants.get(i))) {
        faults.add(pointer, "expected each name once");
      }
    }
  }
}
