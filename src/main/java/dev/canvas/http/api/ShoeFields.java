package dev.canvas.http.api;

import dev.canvas.http.exchange.Query;
import dev.canvas.http.exchange.RequestBody;
import dev.canvas.http.exchange.UrlEncoded;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.SlotsReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields of a write to {@code /api/images}. Immutable.
 *
 * @param shoeId the shoe to write
 * @param others the fields other than {@code shoe_id}
 */
record ShoeFields(ProductId shoeId, Map<String, String> others) {

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
        : UrlEncoded.form(body.getBytes());
  }
}
