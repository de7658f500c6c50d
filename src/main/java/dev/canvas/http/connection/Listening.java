package dev.canvas.http.connection;

import io.vertx.core.Future;
import java.io.IOException;
import java.net.BindException;

/** Names the address that a server could not listen on: the system only says why. */
public final class Listening {

  private Listening() {}

  /**
   * The same outcome, but a failure names the address and what to do.
   *
   * @param listening what {@code listen} has returned
   * @param setting the setting of the port
   */
  public static <T> Future<T> named(Future<T> listening, String setting, String host, int port) {
    return listening.recover(
        failure ->
            Future.failedFuture(
                failure instanceof IOException ? taken(failure, setting, host, port) : failure));
  }

  private static BindException taken(Throwable failure, String setting, String host, int port) {
    BindException named =
        new BindException(
            "port %d of %s is not available (%s): stop the process that uses it, or set %s to another"
                .formatted(port, host, failure.getMessage(), setting));
    named.addSuppressed(failure);
    return named;
  }
}
