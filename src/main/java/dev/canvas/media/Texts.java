package dev.canvas.media;

import java.nio.charset.StandardCharsets;

/** What every text has to be, of an item and of a problem. */
final class Texts {

  private Texts() {}

  /** Whether a text has no control characters and no halves of surrogate pairs. */
  static boolean areClean(String text) {
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

  /** A text of others as it may be repeated: halves of surrogate pairs have no form in UTF-8. */
  static String repeated(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
