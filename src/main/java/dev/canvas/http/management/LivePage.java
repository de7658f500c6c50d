package dev.canvas.http.management;

import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A page that shows operators what this node does now, in moving charts. It reads the same
 * resources as other clients of the management port, and loads nothing from elsewhere. Thread-safe.
 */
final class LivePage {

  /** The address of the page. */
  static final String PATH = "/";

  /** The files of the page. They hold no data, so a browser gets them without the key. */
  static final String FILES = "/live/";

  private static final CharSequence POLICY = HttpHeaders.createOptimized("content-security-policy");
  private static final CharSequence OWN_FILES =
      HttpHeaders.createOptimized(
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
              + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  private static final CharSequence CSS = HttpHeaders.createOptimized("text/css; charset=utf-8");
  private static final CharSequence MODULE =
      HttpHeaders.createOptimized("text/javascript; charset=utf-8");

  private LivePage() {}

  /** Adds the routes. Reads a few small files of the class path, which blocks shortly. */
  static void install(Routes routes) {
    add(routes, PATH, "index.html", Reply.HTML);
    add(routes, FILES + "live.css", "live.css", CSS);
    for (String module : new String[] {"live.js", "chart.js", "exposition.js"}) {
      add(routes, FILES + module, module, MODULE);
    }
  }

  private static void add(Routes routes, String path, String file, CharSequence type) {
    Buffer content = read(file);
    routes.read(path, context -> send(context, type, content));
  }

  private static void send(RoutingContext context, CharSequence type, Buffer content) {
    context
        .response()
        .putHeader(POLICY, OWN_FILES)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    Reply.send(context, type, content);
  }

  private static Buffer read(String file) {
    try (InputStream content = LivePage.class.getResourceAsStream("live/" + file)) {
      if (content == null) {
        throw new IllegalStateException(
            "Missing from the class path: dev/canvas/http/management/live/" + file);
      }
      return Buffer.buffer(content.readAllBytes());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
