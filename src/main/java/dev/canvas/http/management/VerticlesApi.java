package dev.canvas.http.management;

import dev.canvas.control.Nodes;
import dev.canvas.control.Scaling;
import dev.canvas.control.Verticles;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.RequestBody;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Lists the nodes and the verticles of this process and scales them, for operators. Thread-safe.
 */
final class VerticlesApi {

  private static final int BODY_LIMIT = 1_024;

  private final Verticles verticles;
  private final Nodes nodes;

  VerticlesApi(Verticles verticles, Nodes nodes) {
    this.verticles = verticles;
    this.nodes = nodes;
  }

  void install(Routes routes) {
    // A page of another site can make the operator's browser post plain text here, but not JSON:
    // that needs a preflight, which is refused (Fetch Standard, section 2.2.2, CORS-safelisted).
    routes
        .resource("/verticles")
        .read(this::get)
        .write(HttpMethod.POST, new RequestBody(BODY_LIMIT, List.of(RequestBody.JSON), this::scale))
        .complete();
    routes.read("/cluster", context -> answer(context, nodes.report()));
  }

  private void get(RoutingContext context) {
    answer(context, verticles.deployed());
  }

  private void scale(RoutingContext context, Buffer body) {
    JsonObject request = object(body);
    Scaling scaling = Scaling.of(request);
    if (Boolean.TRUE.equals(request.getValue("all"))) {
      Reply.to(context, nodes.scale(scaling), scaled -> answer(context, scaled));
      return;
    }
    Reply.to(context, verticles.scale(scaling), deployed -> answer(context, deployed));
  }

  private static void answer(RoutingContext context, Verticles.Deployed deployed) {
    answer(context, new JsonObject().put("verticles", deployed.toJson()));
  }

  private static void answer(RoutingContext context, JsonArray nodes) {
    answer(context, new JsonObject().put("nodes", nodes));
  }

  private static void answer(RoutingContext context, JsonObject body) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Reply.send(context, Reply.JSON, body.toBuffer());
  }

  private static JsonObject object(Buffer body) {
    try {
      if (Json.decodeValue(body) instanceof JsonObject object) {
        return object;
      }
    } catch (DecodeException malformed) {
      // Refused below, like any other JSON value.
    }
    throw Problem.MALFORMED_REQUEST.because(
        "The body is not a JSON object: expected an object such as"
            + " {\"role\":\"data\",\"instances\":3}");
  }
}
