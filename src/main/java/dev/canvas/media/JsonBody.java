package dev.canvas.media;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * One pass over a JSON text: typed access to the current value, and the faults found so far. {@link
 * #read} parses a whole request body: {@link StrictJson}. No value is converted to another type: a
 * string of digits is not a number. Not thread-safe: one instance per text.
 */
final class JsonBody {

  private final JsonParser json;
  private final Faults faults;
  private final boolean patch;
  private Map<String, String> keptUnknown;

  /** Reads one kind of body; the first token of the body is the current one. */
  @FunctionalInterface
  interface Reader<T> {
    T read(JsonBody body) throws IOException;
  }

  /**
   * Starts a pass whose current value is the parser's current token.
   *
   * @param patch whether the text is a merge patch (RFC 7396): nothing is required, and null is
   *     allowed everywhere
   */
  JsonBody(JsonParser json, Faults faults, boolean patch) {
    this.json = json;
    this.faults = faults;
    this.patch = patch;
  }

  /**
   * Reads a body.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if it is not JSON, {@link
   *     Problem#INVALID_MEDIA} if the reader recorded faults
   */
  static <T> T read(Buffer body, Reader<T> reader) {
    return read(body, false, reader);
  }

  /**
   * Reads a body that may be a merge patch.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if it is not JSON, {@link
   *     Problem#INVALID_MEDIA} if the reader recorded faults
   */
  static <T> T read(Buffer body, boolean patch, Reader<T> reader) {
    Faults faults = new Faults();
    try (JsonParser json = StrictJson.parser(body.getBytes(), "The body")) {
      if (json.nextToken() == null) {
        throw Problem.MALFORMED_REQUEST.because("The body is blank: expected JSON");
      }
      T value = reader.read(new JsonBody(json, faults, patch));
      if (json.nextToken() != null) {
        throw Problem.MALFORMED_REQUEST.because("The body has content after the end of its JSON");
      }
      faults.throwIfAny();
      return value;
    } catch (JsonProcessingException malformed) {
      throw StrictJson.malformed(malformed, "The body");
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Keeps a value of a stored item that is not understood, unless it is within an attribute. */
  private void keep(String name) throws IOException {
    if (name.indexOf('/') >= 0) {
      json.skipChildren();
      return;
    }
    keptUnknown.put(name, raw());
  }

  /** The current value, whatever it is, as JSON. */
  String raw() throws IOException {
    StringWriter raw = new StringWriter();
    try (JsonGenerator copy = StrictJson.FACTORY.createGenerator(raw)) {
      copy.copyCurrentStructure(json);
    }
    return raw.toString();
  }

  /** Makes values that are not understood go into a map instead of becoming faults. */
  void keepUnknown(Map<String, String> kept) {
    keptUnknown = kept;
  }

  JsonParser json() {
    return json;
  }

  Faults faults() {
    return faults;
  }

  boolean isPatch() {
    return patch;
  }

  /**
   * Whether the current value is a null that stands for an absent value. In a merge patch null
   * removes a value instead.
   */
  boolean isAbsent() {
    return !patch && json.currentToken() == JsonToken.VALUE_NULL;
  }

  /** Whether the current value is an object; if not, records a fault and skips the value. */
  boolean isObject(String pointer) throws IOException {
    return is(JsonToken.START_OBJECT, pointer, "expected an object");
  }

  /** Whether the current value is an array; if not, records a fault and skips the value. */
  boolean isArray(String pointer) throws IOException {
    return is(JsonToken.START_ARRAY, pointer, "expected an array");
  }

  private boolean is(JsonToken start, String pointer, String expected) throws IOException {
    if (json.currentToken() == start) {
      return true;
    }
    faults.add(pointer, "%s", expected);
    json.skipChildren();
    return false;
  }

  /**
   * Moves to the value of the next member of an object; returns its name, or null at the end of the
   * object.
   */
  String nextMember() throws IOException {
    if (json.nextToken() != JsonToken.FIELD_NAME) {
      return null;
    }
    String name = json.currentName();
    json.nextToken();
    return name;
  }

  /** The current value if it is a string, otherwise null. */
  String text(String pointer) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return json.getText();
    }
    refuse(pointer, "expected a string");
    return null;
  }

  /** The current value if it is a boolean, otherwise false. */
  boolean flag(String pointer) throws IOException {
    boolean value = json.currentToken() == JsonToken.VALUE_TRUE;
    if (!json.currentToken().isBoolean()) {
      refuse(pointer, "expected true or false");
    }
    return value;
  }

  /** The current value if it is a whole number from 1 without fraction or exponent, otherwise 0. */
  long whole(String pointer, long max) throws IOException {
    return Math.max(0, whole(pointer, 1, max));
  }

  /**
   * The current value if it is a whole number from 0 without fraction or exponent, otherwise -1.
   */
  long wholeOrZero(String pointer, long max) throws IOException {
    return whole(pointer, 0, max);
  }

  private long whole(String pointer, long min, long max) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = json.getLongValue();
      if (value >= min && value <= max) {
        return value;
      }
    }
    refuse(pointer, "expected a whole number from " + min + " to " + max);
    return -1;
  }

  /** The current value if it is a number from 0 to 1, otherwise null. */
  Double share(String pointer) throws IOException {
    if (json.currentToken().isNumeric()) {
      double value = json.getDoubleValue();
      if (value >= 0 && value <= 1) {
        // Turns -0.0 into 0.0, so that zero has one form in a document.
        return Math.abs(value);
      }
    }
    refuse(pointer, "expected a number from 0 to 1");
    return null;
  }

  /**
   * Records what was expected instead of the current value, unless it is an allowed null; skips the
   * value.
   */
  void refuse(String pointer, String expected) throws IOException {
    if (keptUnknown != null) {
      keep(pointer.substring(1));
      return;
    }
    if (!(patch && json.currentToken() == JsonToken.VALUE_NULL)) {
      faults.add(pointer, "%s", expected);
    }
    json.skipChildren();
  }

  /** Records that the current member is not known here, and skips its value. */
  void refuseUnknown(String parent, String name) throws IOException {
    if (keptUnknown != null) {
      keep(parent.isEmpty() ? name : parent.substring(1) + "/" + name);
      return;
    }
    faults.add(parent + Faults.pointerTo(name), "unknown attribute");
    json.skipChildren();
  }
}
