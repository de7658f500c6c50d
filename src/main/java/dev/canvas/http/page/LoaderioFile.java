package dev.canvas.http.page;

import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/**
 * Proves to loader.io that its user owns this site, without which it sends no load: a file whose
 * name and content are the token. Immutable.
 *
 * @param token as loader.io shows it, without the prefix {@code loaderio-}
 * @see <a href="https://support.loader.io/article/20-verifying-an-app">Verifying an app</a>
 */
public record LoaderioFile(String token) {

  private static final CharSequence TEXT =
      HttpHeaders.createOptimized("text/plain; charset=us-ascii");

  /** Adds the route. */
  public void install(Routes routes) {
    String name = "loaderio-" + token;
    Buffer content = Buffer.buffer(name);
    routes.read("/" + name + ".txt", context -> Reply.send(context, TEXT, content));
  }
}
