package dev.canvas.http.api;

import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Serves the description of the HTTP API as an OpenAPI 3.1 document, from which clients can be
 * generated, and that of the messages on the event bus, the TCP bridge and live sockets as an
 * AsyncAPI 3 document. Immutable.
 *
 * @param http what HTTP answers
 * @param messages what the event bus carries; it refers to schemas of the other one
 * @see <a href="https://spec.openapis.org/oas/v3.1.1">OpenAPI Specification</a>
 * @see <a href="https://www.asyncapi.com/docs/reference/specification/v3.0.0">AsyncAPI
 *     Specification</a>
 */
public record ApiDescription(Buffer http, Buffer messages) {

  private static final String HTTP = "/openapi.json";
  private static final String MESSAGES = "/asyncapi.json";

  /** Reads both from the class path. Blocks. */
  public static ApiDescription read() throws IOException {
    return new ApiDescription(resource(HTTP), resource(MESSAGES));
  }

  /** Adds the routes. */
  public void install(Routes routes) {
    routes.read(HTTP, context -> Reply.send(context, Reply.JSON, http));
    routes.read(MESSAGES, context -> Reply.send(context, Reply.JSON, messages));
  }

  private static Buffer resource(String path) throws IOException {
    String name = path.substring(1);
    try (InputStream bytes = ApiDescription.class.getResourceAsStream(name)) {
      if (bytes == null) {
        throw new FileNotFoundException("Missing from the class path: dev/canvas/http/api" + path);
      }
      return Buffer.buffer(bytes.readAllBytes());
    }
  }
}
