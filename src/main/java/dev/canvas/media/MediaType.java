package dev.canvas.media;

/** The media type of a file: type and subtype (RFC 6838, section 4.2), without parameters. */
final class MediaType {

  private static final int MAX_NAME = 127;

  private MediaType() {}

  static boolean isOne(String text) {
    int slash = text.indexOf('/');
    return slash > 0 && isName(text, 0, slash) && isName(text, slash + 1, text.length());
  }

  private static boolean isName(String text, int begin, int end) {
    if (begin == end || end - begin > MAX_NAME || !isAlphanumeric(text.charAt(begin))) {
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
