package dev.canvas.media;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the bodies of writes in one pass. What is no JSON, or names a key twice, fails with {@link
 * Problem#MALFORMED_REQUEST} and the place; what is invalid with {@link Problem#INVALID_MEDIA} and
 * all faults. Thread-safe.
 */
public final class MediaReader {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final MediaRules rules;

  /** Reads one kind of body; its first token is the current one. */
  @FunctionalInterface
  private interface Reading<T> {
    T read(JsonParser json, Faults faults) throws IOException;
  }

  public MediaReader(MediaRules rules) {
    this.rules = rules;
  }

  /** Reads {@code {"media":[…]}}; an item without an id has {@link MediaItem#NEW}. */
  public List<MediaItem> media(Buffer body) {
    return read(body, (json, faults) -> list(json, faults, "media", this::items));
  }

  /** Reads an item that is to be given an id. */
  public MediaItem item(Buffer body) {
    return read(
        body,
        (json, faults) -> {
          MediaItem item = new ItemReader(json, faults, false).read();
          rules.check(item, faults);
          if (item.id() != MediaItem.NEW) {
            faults.add("/id", "expected none, as it is given here");
          }
          return item;
        });
  }

  /**
   * Reads a whole item, with its id. What is at http stays there: whoever gave it was allowed to.
   */
  static MediaItem patched(Buffer item) {
    return read(
        item,
        (json, faults) -> {
          MediaItem read = new ItemReader(json, faults, false).read();
          new MediaRules(true).check(read, faults);
          return read;
        });
  }

  /** Reads a merge patch of an item. */
  public ItemPatch patch(Buffer body) {
    return read(
        body,
        (json, faults) -> {
          rules.check(new ItemReader(json, faults, true).read(), faults);
          return new ItemPatch(body.toString(StandardCharsets.UTF_8));
        });
  }

  /** Reads {@code {"order":[…]}}. */
  public List<Long> order(Buffer body) {
    return read(body, (json, faults) -> list(json, faults, "order", MediaReader::ids));
  }

  /**
   * Reads the first service's fields.
   *
   * @param all whether the fields are all there are, as in its POST
   * @param fields {@code img1} … {@code img7}, {@code vid1}, {@code vid2}
   */
  public Change.Slots slots(ProductId productId, boolean all, Map<String, String> fields) {
    Map<Integer, String> images = new TreeMap<>();
    Map<Integer, String> videos = new TreeMap<>();
    Faults faults = new Faults();
    fields.forEach(
        (name, url) -> {
          if (name.matches("img[1-7]")) {
            images.put(name.charAt(3) - '0', url);
          } else if (name.matches("vid[12]")) {
            videos.put(name.charAt(3) - '0', url);
          } else {
            faults.add(Faults.part(name), "is no field: expected img1 to img7, vid1 and vid2");
          }
          if (!url.isEmpty()) {
            rules.checkUrl(Faults.part(name), url, faults);
          }
        });
    faults.refuse();
    return new Change.Slots(productId, all, images, videos);
  }

  private List<MediaItem> items(JsonParser json, Faults faults) throws IOException {
    List<MediaItem> items = new ArrayList<>();
    ItemReader reader = new ItemReader(json, faults, false);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      faults.within("/media", items.size());
      MediaItem item = reader.read();
      rules.check(item, faults);
      items.add(item);
    }
    faults.within();
    if (items.size() > MediaRules.MAX_ITEMS) {
      faults.add("/media", "expected at most %d items", MediaRules.MAX_ITEMS);
    }
    return items;
  }

  private static List<Long> ids(JsonParser json, Faults faults) throws IOException {
    List<Long> ids = new ArrayList<>();
    JsonValues values = new JsonValues(json, faults, false);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      ids.add(values.whole("/order/" + ids.size(), ProductId.MAX));
    }
    return ids;
  }

  /** Reads an object whose one member is an array. */
  private static <T> List<T> list(
      JsonParser json, Faults faults, String name, Reading<List<T>> elements) throws IOException {
    JsonValues values = new JsonValues(json, faults, false);
    if (json.currentToken() != JsonToken.START_OBJECT) {
      values.refuse("", "expected an object");
      return List.of();
    }
    List<T> list = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String member = json.currentName();
      json.nextToken();
      if (!member.equals(name)) {
        values.refuseName("", member);
      } else if (json.currentToken() != JsonToken.START_ARRAY) {
        values.refuse("/" + name, "expected an array");
        list = List.of();
      } else {
        list = elements.read(json, faults);
      }
    }
    if (list == null) {
      faults.add("/" + name, "is missing");
    }
    return list;
  }

  private static <T> T read(Buffer body, Reading<T> reading) {
    byte[] bytes = body.getBytes();
    // JSON begins with an ASCII character; so in UTF-16 or -32 a zero is among the first two bytes.
    if (bytes.length < 2 || bytes[0] <= 0 || bytes[1] == 0) {
      throw Problem.MALFORMED_REQUEST.because("The body is no JSON in UTF-8");
    }
    Faults faults = new Faults();
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() == null) {
        throw Problem.MALFORMED_REQUEST.because("The body is blank: expected JSON");
      }
      T value = reading.read(json, faults);
      if (json.nextToken() != null) {
        throw Problem.MALFORMED_REQUEST.because("The body goes on after the end of its JSON");
      }
      faults.refuse();
      return value;
    } catch (JsonProcessingException malformed) {
      throw malformed(malformed);
    } catch (IOException undecodable) {
      throw Problem.MALFORMED_REQUEST.because("The body is no UTF-8");
    }
  }

  private static ProblemException malformed(JsonProcessingException malformed) {
    JsonLocation place = malformed.getLocation();
    // Where something began is told with a description of the source, which is this body.
    String reason = malformed.getOriginalMessage().replaceAll("\\s*\\([^(]*\\[Source.*", "");
    return Problem.MALFORMED_REQUEST.because(
        "The body is no JSON: %s%s",
        place == null ? "" : "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": ",
        reason.length() <= 200 ? reason : reason.substring(0, 200) + "…");
  }
}
