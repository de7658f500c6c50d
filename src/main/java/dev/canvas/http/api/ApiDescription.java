package dev.canvas.http.api;

import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;

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

  /** Class-path resources; the contract tests take their cases from them. */
  private static final String DIRECTORY = "dev/canvas/http/api";

  /** Reads both from the class path. */
  public static Future<ApiDescription> read(FileSystem files) {
    return files
        .readFile(DIRECTORY + HTTP)
        .compose(
            http ->
                files
                    .readFile(DIRECTORY + MESSAGES)
                    .map(messages -> new ApiDescription(http, messages)));
  }

  /** Adds the routes. */
  public void install(Routes routes) {
    routes.read(HTTP, context -> Reply.send(context, Reply.JSON, http));
    routes.read(MESSAGES, context -> Reply.send(context, Reply.JSON, messages));
  }
}
