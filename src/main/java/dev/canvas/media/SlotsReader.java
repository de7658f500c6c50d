package dev.canvas.media;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Reads the first service's writes. Thread-safe. */
public final class SlotsReader {

  /** The field that says whose pictures and videos are meant. */
  public static final String SHOE_ID = "shoe_id";

  private static final String IMAGE = "img";
  private static final String VIDEO = "vid";

  private final MediaRules rules;

  public SlotsReader(MediaRules rules) {
    this.rules = rules;
  }

  /**
   * Reads fields given as a JSON object: texts, null for an empty one, a number for the shoe.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} where the shoe is no number, {@link
   *     Problem#INVALID_MEDIA} with all faults of the others
   */
  public Map<String, String> fields(Buffer body) {
    return JsonBody.read(body, this::fields);
  }

  /**
   * Makes a change of fields.
   *
   * @param all whether the fields are all there are, as in the first service's POST
   * @param fields {@code img1} … {@code img7}, {@code vid1}, {@code vid2}
   * @throws ProblemException {@link Problem#INVALID_MEDIA}
   */
  public Change.Slots slots(
      ProductId productId, boolean all, Map<String, String> fields, Precondition precondition) {
    Map<Integer, String> images = new TreeMap<>();
    Map<Integer, String> videos = new TreeMap<>();
    Faults faults = new Faults();
    fields.forEach(
        (name, url) -> {
          if (isOne(name, faults)) {
            (name.startsWith(IMAGE) ? images : videos).put(name.charAt(3) - '0', url);
          }
          checkUrl(name, url, faults);
        });
    faults.refuse();
    return new Change.Slots(productId, all, images, videos, precondition);
  }

  private Map<String, String> fields(JsonParser json, Faults faults) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    JsonValues values = new JsonValues(json, faults, false);
    if (json.currentToken() != JsonToken.START_OBJECT) {
      values.refuse("", "expected an object");
      return fields;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      boolean missing = json.nextToken() == JsonToken.VALUE_NULL;
      if (name.equals(SHOE_ID)) {
        fields.put(name, shoe(json));
      } else if (!isOne(name, faults)) {
        json.skipChildren();
      } else {
        String url = missing ? "" : values.text(Faults.part(name));
        fields.put(name, url);
        checkUrl(name, url, faults);
      }
    }
    return fields;
  }

  private static String shoe(JsonParser json) throws IOException {
    if (!json.currentToken().isScalarValue()) {
      throw Problem.MALFORMED_REQUEST.because(
          "'%s' is no scalar: expected a whole number from %d to %d",
          SHOE_ID, ProductId.MIN, ProductId.MAX);
    }
    return json.getText();
  }

  private static boolean isOne(String name, Faults faults) {
    boolean one = name.matches(IMAGE + "[1-7]|" + VIDEO + "[12]");
    if (!one) {
      faults.add(Faults.part(name), "is no field: expected img1 to img7, vid1 and vid2");
    }
    return one;
  }

  private void checkUrl(String name, String url, Faults faults) {
    if (url != null && !url.isEmpty()) {
      rules.checkUrl(Faults.part(name), url, faults);
    }
  }
}
