package dev.canvas.media;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.BitSet;
import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * Collects everything that is wrong with one body, so that the caller gets all errors at once. Each
 * fault has a JSON pointer (RFC 6901) to the place. Not thread-safe: one instance per body.
 */
final class Faults {

  /** Only this many faults are reported; a body has room for thousands. */
  private static final int MAX_REPORTED = 100;

  /** The longest part of an unknown name that a pointer repeats, in characters. */
  private static final int MAX_NAME = 80;

  private final JsonArray reported = new JsonArray();
  private String array = "";
  private int index = -1;
  private int count;

  /** The elements that have a fault. */
  private final BitSet elements = new BitSet();

  private boolean outsideElements;

  /** Makes the pointers of the faults that follow relative to one element of an array. */
  void enterElement(String arrayPointer, int element) {
    array = arrayPointer;
    index = element;
  }

  /** Makes the pointers of the faults that follow relative to the whole body again. */
  void leaveElement() {
    enterElement("", -1);
  }

  /**
   * Records a fault.
   *
   * @param pointer relative to the current element or body: empty, or with a leading slash
   * @param detail a {@link String#format} text that says what was expected
   */
  void add(String pointer, String detail, Object... arguments) {
    count++;
    if (index >= 0) {
      elements.set(index);
    } else {
      outsideElements = true;
    }
    if (count <= MAX_REPORTED) {
      reported.add(
          new JsonObject()
              .put("pointer", array + (index < 0 ? "" : "/" + index) + pointer)
              .put("detail", String.format(Locale.ROOT, detail, arguments)));
    }
  }

  /**
   * Forgets the faults of elements, if there are no others.
   *
   * @param dropped receives each element that had a fault
   * @return what was wrong; empty if nothing is forgotten
   */
  String forgetElements(IntConsumer dropped) {
    if (count == 0 || outsideElements) {
      return "";
    }
    String wrong = summary();
    elements.stream().forEach(dropped);
    elements.clear();
    reported.clear();
    count = 0;
    return wrong;
  }

  private String summary() {
    JsonObject first = reported.getJsonObject(0);
    return "'%s': %s%s"
        .formatted(
            first.getString("pointer"),
            first.getString("detail"),
            count == 1 ? "" : "; and " + (count - 1) + " more");
  }

  /**
   * Does nothing if there are no faults.
   *
   * @throws ProblemException {@link Problem#INVALID_MEDIA} with all faults in its member {@code
   *     errors}
   */
  void throwIfAny() {
    if (count > 0) {
      throw Problem.INVALID_MEDIA.because("%s", summary()).with("errors", reported);
    }
  }

  /** The pointer to a member of the given name, which is escaped, and shortened if it is long. */
  static String pointerTo(String name) {
    String shown = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "…";
    return "/" + ProblemException.encodable(shown).replace("~", "~0").replace("/", "~1");
  }
}
