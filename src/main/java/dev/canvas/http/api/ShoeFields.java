package dev.canvas.http.api;

import dev.canvas.http.exchange.Query;
import dev.canvas.http.exchange.RequestBody;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.SlotsReader;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a write to {@code /api/images}. Immutable.
 *
 * @param shoeId the shoe to write
 * @param others the fields other than {@code shoe_id}
 */
record ShoeFields(ProductId shoeId, Map<String, String> others) {

  private static final int MAX_FIELDS = 1_000;

  /**
   * Reads the fields from a form or from JSON, whichever the Content-Type names. {@code shoe_id}
   * may be in the query instead of the body.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST} unless {@code
   *     shoe_id} occurs exactly once
   */
  static ShoeFields read(RoutingContext context, Buffer body, SlotsReader slots) {
    Map<String, String> fields = new LinkedHashMap<>(fields(context, body, slots));
    String inBody = fields.remove(SlotsReader.SHOE_ID);
    String inQuery = Query.optional(context, SlotsReader.SHOE_ID).orElse(null);
    if ((inBody == null) == (inQuery == null)) {
      throw Problem.MALFORMED_REQUEST.because(
          inBody == null
              ? "'shoe_id' is missing: expected it in the body or the query"
              : "'shoe_id' is in the body and in the query: expected it once");
    }
    return new ShoeFields(ProductId.parse(inBody == null ? inQuery : inBody), fields);
  }

  private static Map<String, String> fields(
      RoutingContext context, Buffer body, SlotsReader slots) {
    if (body.length() == 0) {
      return Map.of();
    }
    return RequestBody.type(context.request()).equals(RequestBody.JSON)
        ? slots.fields(body)
        : ofForm(body.toString(StandardCharsets.UTF_8));
  }

  /** Parses {@code application/x-www-form-urlencoded} (URL Standard, section 5.1). */
  private static Map<String, String> ofForm(String form) {
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      Map<String, List<String>> all =
          new QueryStringDecoder(form, StandardCharsets.UTF_8, false, MAX_FIELDS, true)
              .parameters();
      all.forEach(
          (name, values) -> {
            if (values.size() > 1) {
              throw Problem.MALFORMED_REQUEST.because("A field of the form occurs more than once");
            }
            fields.put(name, values.get(0));
          });
    } catch (IllegalArgumentException undecodable) {
      throw Problem.MALFORMED_REQUEST.because("The form cannot be decoded");
    }
    return fields;
  }
}
