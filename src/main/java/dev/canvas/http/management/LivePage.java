package dev.canvas.http.management;

import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

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

  /** One file of the page. */
  private record File(String path, CharSequence type, Buffer content) {}

  private final List<File> files;

  private LivePage(List<File> files) {
    this.files = files;
  }

  /** Reads the files of the class path. Blocks. */
  static LivePage read() {
    return new LivePage(
        List.of(
            file(PATH, "index.html", Reply.HTML),
            file(FILES + "live.css", "live.css", CSS),
            file(FILES + "live.js", "live.js", MODULE),
            file(FILES + "chart.js", "chart.js", MODULE),
            file(FILES + "exposition.js", "exposition.js", MODULE)));
  }

  /** Adds the routes. */
  void install(Routes routes) {
    files.forEach(file -> routes.read(file.path, context -> send(context, file)));
  }

  private static File file(String path, String name, CharSequence type) {
    return new File(path, type, content(name));
  }

  private static void send(RoutingContext context, File file) {
    context
        .response()
        .putHeader(POLICY, OWN_FILES)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    Reply.send(context, file.type, file.content);
  }

  private static Buffer content(String name) {
    try (InputStream content = LivePage.class.getResourceAsStream("live/" + name)) {
      if (content == null) {
        throw new IllegalStateException(
            "Missing from the class path: dev/canvas/http/management/live/" + name);
      }
      return Buffer.buffer(content.readAllBytes());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
