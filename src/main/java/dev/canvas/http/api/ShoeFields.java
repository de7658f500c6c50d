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
 * The fields of a write of the first service. Immutable.
 *
 * @param shoeId whose pictures and videos are meant
 * @param others the other fields
 */
record ShoeFields(ProductId shoeId, Map<String, String> others) {

  private static final int MAX_FIELDS = 1_000;

  /**
   * Reads a body, a form or JSON as its type says; the shoe may be in the query instead.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#MALFORMED_REQUEST} where the shoe is
   *     missing, or is there twice
   */
  static ShoeFields read(RoutingContext context, Buffer body, SlotsReader slots) {
    Map<String, String> fields = new LinkedHashMap<>(fields(context, body, slots));
    String inBody = fields.remove(SlotsReader.SHOE_ID);
    String inQuery = Query.atMostOnce(context, SlotsReader.SHOE_ID).orElse(null);
    if ((inBody == null) == (inQuery == null)) {
      throw Problem.MALFORMED_REQUEST.because("'shoe_id' is missing, or there twice");
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

  /** URL Standard, section 5.1. */
  private static Map<String, String> ofForm(String form) {
    Map<String, String> fields = new LinkedHashMap<>();
    try {
      Map<String, List<String>> all =
          new QueryStringDecoder(form, StandardCharsets.UTF_8, false, MAX_FIELDS, true)
              .parameters();
      all.forEach(
          (name, values) -> {
            if (values.size() > 1) {
              throw Problem.MALFORMED_REQUEST.because("A field of the form is there twice");
            }
            fields.put(name, values.get(0));
          });
    } catch (IllegalArgumentException undecodable) {
      throw Problem.MALFORMED_REQUEST.because("The form is not readable");
    }
    return fields;
  }
}
