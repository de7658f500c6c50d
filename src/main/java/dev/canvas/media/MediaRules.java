package dev.canvas.media;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Validates the attributes of items beyond their JSON types. Immutable.
 *
 * @param allowHttp whether the addresses of files may be http URLs, not only https
 * @param hosts the hosts that the addresses of files may name
 */
public record MediaRules(boolean allowHttp, MediaHosts hosts) {

  /** The largest number of items of a product. */
  public static final int MAX_ITEMS = 50;

  /** The maximum length of an alternative text, in Unicode code points. */
  static final int MAX_ALT = 500;

  /** The largest number of variants of an item. */
  static final int MAX_VARIANTS = 100;

  /** The maximum length of a variant's name, in Unicode code points. */
  static final int MAX_VARIANT = 100;

  /** The largest width and height, in pixels. */
  static final int MAX_PIXELS = 100_000;

  /** The maximum length of the type and of the subtype of a media type, in characters. */
  private static final int MAX_MIME_NAME = 127;

  /** Rules that allow files at all public hosts. */
  public MediaRules(boolean allowHttp) {
    this(allowHttp, MediaHosts.PUBLIC);
  }

  /** These rules, and files at the machine of whoever asks for them. */
  public MediaRules andThisMachine() {
    return new MediaRules(allowHttp, hosts.andThisMachine());
  }

  /** Records the faults of an item. Checks only the attributes that are present. */
  void check(MediaItem item, Faults faults) {
    checkEach(item, faults);
    checkMimeOfType(item, faults);
  }

  /** Records the fault of a media type that is none of the item's type. */
  static void checkMimeOfType(MediaItem item, Faults faults) {
    if (item.type() == null || item.mime() == null || !isMediaType(item.mime())) {
      return;
    }
    String type = item.type().text() + '/';
    if (!item.mime().regionMatches(true, 0, type, 0, type.length())) {
      faults.add("/mime", "expected %s…, because the type is %s", type, item.type().text());
    }
  }

  /** Records the faults of attributes, without those of the media type beside the item's type. */
  void checkEach(MediaItem item, Faults faults) {
    checkUrl("/url", item.url(), faults);
    checkUrl("/poster", item.poster(), faults);
    if (item.alt() != null) {
      checkText("/alt", item.alt(), MAX_ALT, faults);
    }
    if (item.mime() != null && !isMediaType(item.mime())) {
      faults.add("/mime", "expected a media type such as image/webp");
    }
    if (item.placeholder() != null && !CssColour.isValid(item.placeholder())) {
      faults.add("/placeholder", "expected a CSS colour: #d8d3cd, a name, rgb(…) or hsl(…)");
    }
    checkVariants(item.variants(), faults);
    if (item.decorative() && item.alt() != null && !item.alt().isEmpty()) {
      faults.add("/alt", "expected no alternative text, because the item is decorative");
    }
    if (item.type() == MediaItem.Type.IMAGE && item.poster() != null) {
      faults.add("/poster", "expected no poster, because only a video has one");
    }
  }

  /** Records the fault of a URL, if it has one. Null is allowed. */
  void checkUrl(String pointer, String url, Faults faults) {
    String fault = url == null ? null : MediaUrl.faultOf(url, allowHttp, hosts);
    if (fault != null) {
      faults.add(pointer, "%s", fault);
    }
  }

  private static void checkText(String pointer, String text, int max, Faults faults) {
    if (text.length() > max && text.codePointCount(0, text.length()) > max) {
      faults.add(pointer, "expected at most %d characters", max);
    }
    if (!isClean(text)) {
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
        faults.add(pointer, "expected a name, not only white space");
      } else if (!names.add(variants.get(i))) {
        faults.add(pointer, "expected each name once");
      }
    }
  }

  /** Whether a text has neither control characters nor unpaired surrogates. */
  private static boolean isClean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f) {
        int point = text.codePointAt(i);
        if (Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE) {
          return false;
        }
        i += Character.charCount(point) - 1;
      }
    }
    return true;
  }

  /** Whether a text is a type and a subtype (RFC 6838, section 4.2), without parameters. */
  private static boolean isMediaType(String text) {
    int slash = text.indexOf('/');
    return slash > 0
        && isMediaTypeName(text, 0, slash)
        && isMediaTypeName(text, slash + 1, text.length());
  }

  private static boolean isMediaTypeName(String text, int begin, int end) {
    if (begin == end || end - begin > MAX_MIME_NAME || !isAlphanumeric(text.charAt(begin))) {
      return false;
    }
    for (int i = begin + 1; i < end; i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && "!#$&-^_.+".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
