package dev.canvas.http.exchange;

import dev.canvas.media.Problem;
import dev.canvas.media.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code application/x-www-form-urlencoded} (URL Standard, section 5.1), which queries and
 * forms are written in, but refuses what is not UTF-8 instead of replacing it. A semicolon is an
 * ordinary character. Thread-safe.
 */
public final class UrlEncoded {

  private static final int MAX_FIELDS = 1_000;
  private static final int MAX_NAME_SHOWN = 80;

  private UrlEncoded() {}

  /**
   * Reads all fields of a form.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST}, naming the field,
   *     if one occurs twice, is not UTF-8, or has a % that is not followed by two digits
   */
  public static Map<String, String> form(byte[] body) {
    int begin = Utf8.markLength(body);
    String text = new String(body, begin, body.length - begin, StandardCharsets.ISO_8859_1);
    String[] pairs = text.split("&", MAX_FIELDS + 1);
    if (pairs.length > MAX_FIELDS) {
      throw Problem.MALFORMED_REQUEST.because("The form has more than %d fields", MAX_FIELDS);
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : pairs) {
      if (!pair.isEmpty()) {
        int equals = endOfName(pair);
        String name = decoded(pair.substring(0, equals), "The name of a field");
        String value =
            decoded(
                pair.substring(Math.min(pair.length(), equals + 1)), "The field " + shown(name));
        if (fields.put(name, value) != null) {
          throw Problem.MALFORMED_REQUEST.because(
              "The field %s occurs more than once: expected it once", shown(name));
        }
      }
    }
    return fields;
  }

  /**
   * Reads the values of one parameter. What other parameters hold does not matter.
   *
   * @param query the part after the question mark as it was sent, or null
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST} if a value cannot
   *     be decoded
   */
  static List<String> values(String query, String name) {
    List<String> values = new ArrayList<>(1);
    for (int begin = 0; query != null && begin < query.length(); ) {
      int end = query.indexOf('&', begin);
      end = end < 0 ? query.length() : end;
      String pair = query.substring(begin, end);
      int equals = endOfName(pair);
      if (isName(pair.substring(0, equals), name)) {
        values.add(
            decoded(
                pair.substring(Math.min(pair.length(), equals + 1)),
                "The query parameter " + shown(name)));
      }
      begin = end + 1;
    }
    return values;
  }

  private static int endOfName(String pair) {
    int equals = pair.indexOf('=');
    return equals < 0 ? pair.length() : equals;
  }

  /** Whether an encoded text is a name. A text that cannot be decoded is none. */
  private static boolean isName(String encoded, String name) {
    if (encoded.indexOf('%') < 0) {
      return encoded.equals(name);
    }
    byte[] bytes = bytes(encoded);
    return bytes != null && new String(bytes, StandardCharsets.UTF_8).equals(name);
  }

  private static String decoded(String encoded, String what) {
    byte[] bytes = bytes(encoded);
    if (bytes == null) {
      throw Problem.MALFORMED_REQUEST.because(
          "%s has a %% without two hexadecimal digits: write the character %% as %%25", what);
    }
    return Utf8.decode(bytes, what);
  }

  /**
   * The bytes that an encoded text stands for; null if a % is not followed by two digits.
   *
   * @param encoded one character for each byte
   */
  private static byte[] bytes(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        if (i + 2 >= encoded.length()) {
          return null;
        }
        int high = Character.digit(encoded.charAt(i + 1), 16);
        int low = Character.digit(encoded.charAt(i + 2), 16);
        if (high < 0 || low < 0) {
          return null;
        }
        bytes.write(high * 16 + low);
        i += 2;
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    return bytes.toByteArray();
  }

  private static String shown(String name) {
    return "'"
        + (name.length() <= MAX_NAME_SHOWN ? name : name.substring(0, MAX_NAME_SHOWN) + "…")
        + "'";
  }
}
