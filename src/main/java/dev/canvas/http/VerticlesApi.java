package dev.canvas.http;

import dev.canvas.media.Problem;
import dev.canvas.media.Scaling;
import dev.canvas.media.Verticles;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The verticles of this process, for operators: listed, and made more or fewer. Thread-safe. */
final class VerticlesApi {

  private static final int BODY_LIMIT = 1_024;

  private final Verticles verticles;

  VerticlesApi(Verticles verticles) {
    this.verticles = verticles;
  }

  void install(Routes routes) {
    routes.readAndPost("/verticles", this::list, this::scale, BODY_LIMIT);
  }

  private void list(RoutingContext context) {
    answer(context, verticles.deployed());
  }

  private void scale(RoutingContext context) {
    requireJson(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
    Scaling scaling = Scaling.of(object(context.body().buffer()));
    Reply.to(context, verticles.scale(scaling), deployed -> answer(context, deployed));
  }

  private static void answer(RoutingContext context, Verticles.Deployed deployed) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Reply.send(
        context, Reply.JSON, new JsonObject().put("verticles", deployed.toJson()).toBuffer());
  }

  /**
   * A page of another site can make the operator's own browser post any text here, but not JSON
   * without asking first, which is refused (Fetch Standard, section 2.2.2, CORS-safelisted).
   */
  private static void requireJson(String contentType) {
    if (contentType == null || !contentType.startsWith("application/json")) {
      throw Problem.UNSUPPORTED_MEDIA_TYPE.because(
          "The Content-Type is %s: expected application/json", contentType);
    }
  }

  private static JsonObject object(Buffer body) {
    try {
      if (body != null && Json.decodeValue(body) instanceof JsonObject object) {
        return object;
      }
    } catch (DecodeException malformed) {
      // Told below, as another kind of JSON is.
    }
    throw Problem.MALFORMED_REQUEST.because(
        "The body is no JSON object: expected {\"role\":\"data\",\"instances\":3}");
  }
}
