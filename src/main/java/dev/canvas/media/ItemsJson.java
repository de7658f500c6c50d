package dev.canvas.media;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Converts items to and from the JSON array that is stored: UTF-8, members in the documented order,
 * without white space and without absent attributes. Thread-safe.
 */
public final class ItemsJson {

  private static final JsonFactory JSON = new JsonFactory();
  private static final SerializableString ID = new SerializedString("id");
  private static final SerializableString TYPE = new SerializedString("type");
  private static final SerializableString URL = new SerializedString("url");
  private static final SerializableString ALT = new SerializedString("alt");
  private static final SerializableString DECORATIVE = new SerializedString("decorative");
  private static final SerializableString WIDTH = new SerializedString("width");
  private static final SerializableString HEIGHT = new SerializedString("height");
  private static final SerializableString POSTER = new SerializedString("poster");
  private static final SerializableString MIME = new SerializedString("mime");
  private static final SerializableString FOCAL = new SerializedString("focal");
  private static final SerializableString X = new SerializedString("x");
  private static final SerializableString Y = new SerializedString("y");
  private static final SerializableString PLACEHOLDER = new SerializedString("placeholder");
  private static final SerializableString VARIANTS = new SerializedString("variants");

  /** What most items have at most, so that a buffer seldom grows. */
  private static final int USUAL_ITEM_BYTES = 192;

  private ItemsJson() {}

  /** Encodes items as an array. */
  public static Buffer encode(List<MediaItem> items) {
    return encode(items, offset -> {});
  }

  /**
   * Encodes items as an array.
   *
   * @param idOffsets receives the offset of the first attribute of each item without an id: where
   *     its id belongs
   */
  static Buffer encode(List<MediaItem> items, IntConsumer idOffsets) {
    Buffer array = Buffer.buffer(USUAL_ITEM_BYTES * (items.size() + 1));
    try (JsonGenerator json = JSON.createGenerator(new Appender(array))) {
      json.writeStartArray();
      for (MediaItem item : items) {
        json.writeStartObject();
        if (item.id() == MediaItem.NEW) {
          idOffsets.accept(array.length() + json.getOutputBuffered());
        }
        write(json, item);
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return array;
  }

  /** Appends to a buffer what is written. */
  private static final class Appender extends OutputStream {

    private final Buffer buffer;

    Appender(Buffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public void write(int value) {
      buffer.appendByte((byte) value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      buffer.appendBytes(bytes, offset, length);
    }
  }

  /**
   * Decodes an array. Attributes and values that this release does not understand are kept, because
   * arrays can get into the store without passing through it: a newer release may have written
   * them.
   *
   * @throws IllegalStateException if it is not an array of pictures and videos
   */
  public static List<MediaItem> decode(Buffer array) {
    try (JsonParser json = JSON.createParser(array.getBytes())) {
      json.nextToken();
      return readArray(json);
    } catch (IOException malformed) {
      throw new IllegalStateException("The stored media are not valid JSON", malformed);
    }
  }

  /** Decodes the items of a document. */
  static List<MediaItem> decodeDocument(Buffer document) {
    return readDocument(document, ItemsJson::readArray);
  }

  /**
   * The items of a document by id, each with the attributes whose names this release does not know,
   * as JSON by name. Skips everything else of them.
   */
  static Map<Long, Map<String, String>> unknown(Buffer document) {
    return readDocument(
        document,
        json -> {
          Map<Long, Map<String, String>> items = new HashMap<>();
          JsonBody body = arrayBody(json);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
              throw noItem();
            }
            long id = MediaItem.NEW;
            boolean typed = false;
            Map<String, String> unknown = Map.of();
            for (String name = body.nextMember(); name != null; name = body.nextMember()) {
              if (name.equals(ID.getValue())) {
                id = body.whole("/id", ProductId.MAX);
              } else if (ItemReader.isKnown(name)) {
                typed |= name.equals(TYPE.getValue()) && !body.isAbsent();
                json.skipChildren();
              } else {
                unknown = unknown.isEmpty() ? new LinkedHashMap<>() : unknown;
                unknown.put(name, body.raw());
              }
            }
            if (!typed) {
              throw noItem();
            }
            items.put(id, unknown);
          }
          return items;
        });
  }

  /**
   * Whether a document has exactly these items, apart from ids and from what this release does not
   * understand. Stops parsing at the first difference.
   */
  static boolean hasItems(Buffer document, List<MediaItem> items) {
    return readDocument(
        document,
        json -> {
          Iterator<MediaItem> expected = items.iterator();
          ItemReader reader = itemReader(json);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            if (!expected.hasNext()
                || !next(reader)
                    .understood()
                    .withId(MediaItem.NEW)
                    .equals(expected.next().withId(MediaItem.NEW))) {
              return false;
            }
          }
          return !expected.hasNext();
        });
  }

  @FunctionalInterface
  private interface ArrayReader<T> {
    T read(JsonParser json) throws IOException;
  }

  private static <T> T readDocument(Buffer document, ArrayReader<T> reader) {
    try (JsonParser json = JSON.createParser(document.getBytes())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals("media")) {
          return reader.read(json);
        }
        json.skipChildren();
      }
      throw new IllegalStateException("The stored document has no member 'media'");
    } catch (IOException malformed) {
      throw new IllegalStateException("The stored media are not valid JSON", malformed);
    }
  }

  private static List<MediaItem> readArray(JsonParser json) throws IOException {
    List<MediaItem> items = new ArrayList<>();
    ItemReader reader = itemReader(json);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      items.add(next(reader));
    }
    return items;
  }

  private static ItemReader itemReader(JsonParser json) {
    return new ItemReader(arrayBody(json), true);
  }

  private static JsonBody arrayBody(JsonParser json) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new IllegalStateException("The stored media are not an array");
    }
    return new JsonBody(json, new Faults(), false);
  }

  private static MediaItem next(ItemReader reader) throws IOException {
    MediaItem item = reader.read();
    // A type that this release does not know is kept, but not the lack of one.
    if (item.type() == null && item.others().getOrDefault("type", "null").equals("null")) {
      throw noItem();
    }
    return item;
  }

  private static IllegalStateException noItem() {
    return new IllegalStateException(
        "The stored media have an item that is neither image nor video");
  }

  private static void write(JsonGenerator json, MediaItem item) throws IOException {
    if (item.id() != MediaItem.NEW) {
      json.writeFieldName(ID);
      json.writeNumber(item.id());
    }
    writeText(json, TYPE, item.type() == null ? null : item.type().text());
    writeText(json, URL, item.url());
    writeText(json, ALT, item.alt());
    if (item.decorative()) {
      json.writeFieldName(DECORATIVE);
      json.writeBoolean(true);
    }
    writeNumber(json, WIDTH, item.width());
    writeNumber(json, HEIGHT, item.height());
    writeText(json, POSTER, item.poster());
    writeText(json, MIME, item.mime());
    writeFocal(json, item.focal());
    writeText(json, PLACEHOLDER, item.placeholder());
    writeVariants(json, item.variants());
    for (Map.Entry<String, String> other : item.others().entrySet()) {
      json.writeFieldName(other.getKey());
      json.writeRawValue(other.getValue());
    }
  }

  private static void writeText(JsonGenerator json, SerializableString name, String text)
      throws IOException {
    if (text != null) {
      json.writeFieldName(name);
      json.writeString(text);
    }
  }

  private static void writeNumber(JsonGenerator json, SerializableString name, Integer number)
      throws IOException {
    if (number != null) {
      json.writeFieldName(name);
      json.writeNumber(number.intValue());
    }
  }

  private static void writeFocal(JsonGenerator json, MediaItem.Focal focal) throws IOException {
    if (focal != null) {
      json.writeFieldName(FOCAL);
      json.writeStartObject();
      json.writeFieldName(X);
      json.writeNumber(focal.x());
      json.writeFieldName(Y);
      json.writeNumber(focal.y());
      json.writeEndObject();
    }
  }

  private static void writeVariants(JsonGenerator json, List<String> variants) throws IOException {
    if (!variants.isEmpty()) {
      json.writeFieldName(VARIANTS);
      json.writeStartArray();
      for (String variant : variants) {
        json.writeString(variant);
      }
      json.writeEndArray();
    }
  }
}
