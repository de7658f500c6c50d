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

  private final MediaRules rules;

  public SlotsReader(MediaRules rules) {
    this.rules = rules;
  }

  /** Reads fields given as a JSON object: texts, null for an empty one, a number for the shoe. */
  public Map<String, String> fields(Buffer body) {
    return JsonBody.read(body, SlotsReader::fields);
  }

  /**
   * Makes a change of fields.
   *
   * @param all whether the fields are all there are, as in the first service's POST
   * @param fields {@code img1} … {@code img7}, {@code vid1}, {@code vid2}
   * @throws ProblemException {@link Problem#INVALID_MEDIA}
   */
  public Change.Slots slots(ProductId productId, boolean all, Map<String, String> fields) {
    Map<Integer, String> images = new TreeMap<>();
    Map<Integer, String> videos = new TreeMap<>();
    Faults faults = new Faults();
    fields.forEach(
        (name, url) -> {
          String pointer = Faults.part(name);
          if (name.matches("img[1-7]")) {
            images.put(name.charAt(3) - '0', url);
          } else if (name.matches("vid[12]")) {
            videos.put(name.charAt(3) - '0', url);
          } else {
            faults.add(pointer, "is no field: expected img1 to img7, vid1 and vid2");
          }
          if (!url.isEmpty()) {
            rules.checkUrl(pointer, url, faults);
          }
        });
    faults.refuse();
    return new Change.Slots(productId, all, images, videos);
  }

  private static Map<String, String> fields(JsonParser json, Faults faults) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    JsonValues values = new JsonValues(json, faults, false);
    if (json.currentToken() != JsonToken.START_OBJECT) {
      values.refuse("", "expected an object");
      return fields;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (value == JsonToken.VALUE_NULL) {
        fields.put(name, "");
      } else if (name.equals(SHOE_ID) && value.isScalarValue()) {
        fields.put(name, json.getText());
      } else {
        fields.put(name, values.text(Faults.part(name)));
      }
    }
    return fields;
  }
}
