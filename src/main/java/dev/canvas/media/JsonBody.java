package dev.canvas.media;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** Reads bodies in one pass: JSON in UTF-8 (RFC 8259), no key twice in an object. Thread-safe. */
final class JsonBody {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** A key that is there twice is named in the reason, and may be long. */
  private static final int MAX_REASON = 200;

  /** Reads one kind of body; its first token is the current one. */
  @FunctionalInterface
  interface Reading<T> {
    T read(JsonParser json, Faults faults) throws IOException;
  }

  private JsonBody() {}

  /**
   * What is read of a body.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} where it is none, {@link
   *     Problem#INVALID_MEDIA} where the reading noted faults
   */
  static <T> T read(Buffer body, Reading<T> reading) {
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
    String reason = malformed.getOriginalMessage();
    // Where something began is told with a description of the source, which is this body.
    int source = reason.indexOf("[Source");
    int end = source < 0 ? reason.length() : Math.max(0, reason.lastIndexOf(" (", source));
    return Problem.MALFORMED_REQUEST.because(
        "The body is no JSON: %s%s",
        place == null ? "" : "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": ",
        reason.substring(0, Math.min(end, MAX_REASON)) + (end > MAX_REASON ? "…" : ""));
  }
}
