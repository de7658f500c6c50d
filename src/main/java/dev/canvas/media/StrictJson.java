package dev.canvas.media;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What every door takes for JSON: a text in UTF-8 (RFC 8259) without duplicate keys, and nothing
 * after its end. Thread-safe.
 */
public final class StrictJson {

  static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** The longest parser message that is repeated, in characters: it may quote a long key. */
  private static final int MAX_REASON = 200;

  private StrictJson() {}

  /**
   * Reads an object.
   *
   * @param what names the text in the message, such as {@code "The frame"}
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if it is anything else
   */
  public static JsonObject object(Buffer text, String what) {
    try (JsonParser parser = parser(text.getBytes(), what)) {
      Object value = JacksonCodec.fromParser(parser, Object.class);
      if (value instanceof JsonObject object) {
        return object;
      }
      throw Problem.MALFORMED_REQUEST.because("%s is JSON, but no object", what);
    } catch (DecodeException wrong) {
      throw wrong.getCause() instanceof JsonProcessingException malformed
          ? malformed(malformed, what)
          : Problem.MALFORMED_REQUEST.because(
              "%s is no single JSON object: %s", what, wrong.getMessage());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /**
   * Begins to parse a text, whose encoding is checked.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if it is empty or not UTF-8
   */
  static JsonParser parser(byte[] bytes, String what) throws IOException {
    // Jackson skips a byte order mark.
    if (bytes.length == Utf8.markLength(bytes)) {
      throw Problem.MALFORMED_REQUEST.because("%s is empty: expected JSON", what);
    }
    // JSON begins with an ASCII character, so UTF-16 and UTF-32 have a zero among the first two
    // bytes, or begin with a byte order mark.
    if (bytes[0] == 0 || (bytes.length > 1 && bytes[1] == 0) || (bytes[0] & 0xfe) == 0xfe) {
      throw Problem.MALFORMED_REQUEST.because(
          "%s is UTF-16 or UTF-32, or binary: expected JSON in UTF-8", what);
    }
    // Jackson takes overlong forms and surrogates for the characters that they stand for.
    Utf8.check(bytes, what);
    return FACTORY.createParser(bytes);
  }

  /** The problem of a text that the parser refuses. */
  static ProblemException malformed(JsonProcessingException malformed, String what) {
    JsonLocation place = malformed.getLocation();
    String reason = malformed.getOriginalMessage();
    // Jackson may append "(start marker at [Source: …])": the source is the whole text.
    int source = reason.indexOf("[Source");
    int end = source < 0 ? reason.length() : Math.max(0, reason.lastIndexOf(" (", source));
    return Problem.MALFORMED_REQUEST.because(
        "%s is not valid JSON: %s%s",
        what,
        place == null ? "" : "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": ",
        reason.substring(0, Math.min(end, MAX_REASON)) + (end > MAX_REASON ? "…" : ""));
  }
}
