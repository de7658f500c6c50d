package dev.canvas.http.api;

import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystem;

/**
 * Serves the description of the HTTP API as an OpenAPI 3.1 document, from which clients can be
 * generated. Immutable.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.1.1">OpenAPI Specification</a>
 */
public record ApiDescription(Buffer document) {

  private static final String PATH = "/openapi.json";

  /** A class-path resource; the contract tests take their routes and statuses from it. */
  private static final String FILE = "dev/canvas/http/api/openapi.json";

  /** Reads it from the class path. */
  public static Future<ApiDescription> read(FileSystem files) {
    return files.readFile(FILE).map(ApiDescription::new);
  }

  /** Adds the route. */
  public void install(Routes routes) {
    routes.read(PATH, context -> Reply.send(context, Reply.JSON, document));
  }
}
