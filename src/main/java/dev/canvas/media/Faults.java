package dev.canvas.media;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What is wrong with a body, each fault with a JSON pointer to it (RFC 6901); collected, so that
 * whoever sent it hears of all at once. Belongs to one reading.
 */
final class Faults {

  /** Nobody reads more, and a body has room for thousands. */
  private static final int MOST = 100;

  private final JsonArray found = new JsonArray();
  private String array = "";
  private int index = -1;
  private int count;

  /** What is added from now on is within an element of an array; pointers begin there. */
  void within(String pointer, int element) {
    array = pointer;
    index = element;
  }

  /** What is added from now on is within the whole body. */
  void within() {
    within("", -1);
  }

  /**
   * Notes a fault.
   *
   * @param pointer from where the reading is: empty, or beginning with a slash
   */
  void add(String pointer, String detail, Object... arguments) {
    count++;
    if (count <= MOST) {
      found.add(
          new JsonObject()
              .put("pointer", array + (index < 0 ? "" : "/" + index) + pointer)
              .put("detail", String.format(java.util.Locale.ROOT, detail, arguments)));
    }
  }

  /**
   * Ends the reading.
   *
   * @throws ProblemException {@link Problem#INVALID_MEDIA} with all faults, if there are any
   */
  void refuse() {
    if (count > 0) {
      JsonObject first = found.getJsonObject(0);
      throw Problem.INVALID_MEDIA
          .because(
              "'%s': %s%s",
              first.getString("pointer"),
              first.getString("detail"),
              count == 1 ? "" : "; and " + (count - 1) + " more")
          .with("errors", found);
    }
  }

  /** A name as a part of a pointer, not longer than anybody would read. */
  static String part(String name) {
    String shown = name.length() <= 80 ? name : name.substring(0, 80) + "…";
    return "/" + Texts.repeated(shown).replace("~", "~0").replace("/", "~1");
  }
}
