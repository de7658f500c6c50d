package dev.canvas.media;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Items as the JSON array that is stored: keys in the documented order, absent attributes left out,
 * no white space, UTF-8. Thread-safe.
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

  private ItemsJson() {}

  /** The bytes of an item array. */
  public static Buffer encode(List<MediaItem> items) {
    return encode(items, place -> {});
  }

  /**
   * The bytes of an item array.
   *
   * @param unnumbered is told where the attributes of each item begin that has no id
   */
  static Buffer encode(List<MediaItem> items, IntConsumer unnumbered) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(256 * (items.size() + 1));
        JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartArray();
      for (MediaItem item : items) {
        json.writeStartObject();
        if (item.id() == MediaItem.NEW) {
          unnumbered.accept(bytes.size() + json.getOutputBuffered());
        }
        write(json, item);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.flush();
      return Buffer.buffer(bytes.toByteArray());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * The items of an array that {@link #encode} wrote. In one that came into the store by other ways
   * an attribute that no item has is passed by.
   *
   * @throws IllegalStateException where it is no array of pictures and videos
   */
  public static List<MediaItem> decode(Buffer array) {
    try (JsonParser json = JSON.createParser(array.getBytes())) {
      json.nextToken();
      return readArray(json);
    } catch (IOException malformed) {
      throw new IllegalStateException("What is stored is no JSON", malformed);
    }
  }

  /** The items of a document. */
  static List<MediaItem> decodeDocument(Buffer document) {
    return readDocument(document, ItemsJson::readArray);
  }

  /** Whether a document has just these items, whatever their ids; reads as far as that is so. */
  static boolean saysTheSame(Buffer document, List<MediaItem> items) {
    return readDocument(
        document,
        json -> {
          Iterator<MediaItem> expected = items.iterator();
          ItemReader reader = arrayReader(json);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            if (!expected.hasNext()
                || !next(reader)
                    .withId(MediaItem.NEW)
                    .equals(expected.next().withId(MediaItem.NEW))) {
              return false;
            }
          }
          return !expected.hasNext();
        });
  }

  private interface Reading<T> {
    T of(JsonParser json) throws IOException;
  }

  private static <T> T readDocument(Buffer document, Reading<T> array) {
    try (JsonParser json = JSON.createParser(document.getBytes())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals("media")) {
          return array.of(json);
        }
        json.skipChildren();
      }
      throw new IllegalStateException("What is stored has no items");
    } catch (IOException malformed) {
      throw new IllegalStateException("What is stored is no JSON", malformed);
    }
  }

  private static List<MediaItem> readArray(JsonParser json) throws IOException {
    List<MediaItem> items = new ArrayList<>();
    ItemReader reader = arrayReader(json);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      items.add(next(reader));
    }
    return items;
  }

  private static ItemReader arrayReader(JsonParser json) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new IllegalStateException("What is stored is no array of items");
    }
    return new ItemReader(json, new Faults(), false);
  }

  private static MediaItem next(ItemReader reader) throws IOException {
    MediaItem item = reader.read();
    if (item.type() == null) {
      throw new IllegalStateException("What is stored has an item that is no image or video");
    }
    return item;
  }

  private static void write(JsonGenerator json, MediaItem item) throws IOException {
    if (item.id() != MediaItem.NEW) {
      json.writeFieldName(ID);
      json.writeNumber(item.id());
    }
    writeText(json, TYPE, item.type().word());
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
