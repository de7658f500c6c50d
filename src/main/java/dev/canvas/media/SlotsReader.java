package dev.canvas.media;

import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads writes in the form of the first service: one field per slot, {@code img1} … {@code img7},
 * {@code vid1} and {@code vid2}. Thread-safe.
 */
public final class SlotsReader {

  /** The field with the product id. */
  public static final String SHOE_ID = "shoe_id";

  private static final String IMAGE = "img";
  private static final String VIDEO = "vid";

  private final MediaRules rules;

  public SlotsReader(MediaRules rules) {
    this.rules = rules;
  }

  /**
   * Reads the fields of a JSON object. A slot holds a URL, or null for an empty one; {@value
   * #SHOE_ID} holds a scalar.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if {@value #SHOE_ID} is an object or
   *     an array, {@link Problem#INVALID_MEDIA} with all errors of the other fields
   */
  public Map<String, String> fields(Buffer body) {
    return JsonBody.read(body, this::fields);
  }

  /**
   * Makes a change of fields.
   *
   * @param all whether empty slots are cleared (the first service's POST) or keep what they hold
   *     (its PUT)
   * @param fields slots and their URLs
   * @throws ProblemException {@link Problem#INVALID_MEDIA} with all errors
   */
  public Change.Slots slots(
      ProductId productId, boolean all, Map<String, String> fields, Precondition precondition) {
    Map<Integer, String> images = new TreeMap<>();
    Map<Integer, String> videos = new TreeMap<>();
    Faults faults = new Faults();
    fields.forEach(
        (name, given) -> {
          String url = MediaUrl.withAsciiHost(given);
          if (checkName(name, faults)) {
            (name.startsWith(IMAGE) ? images : videos).put(name.charAt(3) - '0', url);
          }
          checkUrl(name, url, faults);
        });
    faults.throwIfAny();
    return new Change.Slots(productId, all, images, videos, precondition);
  }

  private Map<String, String> fields(JsonBody body) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    if (!body.isObject("")) {
      return fields;
    }
    for (String name = body.nextMember(); name != null; name = body.nextMember()) {
      if (name.equals(SHOE_ID)) {
        fields.put(name, shoeId(body));
      } else if (!checkName(name, body.faults())) {
        body.json().skipChildren();
      } else {
        boolean isEmpty = body.json().currentToken() == JsonToken.VALUE_NULL;
        String url = isEmpty ? "" : MediaUrl.withAsciiHost(body.text(Faults.pointerTo(name)));
        fields.put(name, url);
        checkUrl(name, url, body.faults());
      }
    }
    return fields;
  }

  private static String shoeId(JsonBody body) throws IOException {
    if (!body.json().currentToken().isScalarValue()) {
      throw Problem.MALFORMED_REQUEST.because(
          "'%s' is an object or an array: expected a whole number from %d to %d",
          SHOE_ID, ProductId.MIN, ProductId.MAX);
    }
    return body.json().getText();
  }

  private static boolean checkName(String name, Faults faults) {
    boolean known = name.matches(IMAGE + "[1-7]|" + VIDEO + "[12]");
    if (!known) {
      faults.add(Faults.pointerTo(name), "unknown field: expected img1 to img7, vid1 or vid2");
    }
    return known;
  }

  private void checkUrl(String name, String url, Faults faults) {
    if (url != null && !url.isEmpty()) {
      rules.checkUrl(Faults.pointerTo(name), url, faults);
    }
  }
}
