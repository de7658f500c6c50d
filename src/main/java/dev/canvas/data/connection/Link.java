package dev.canvas.data.connection;

import io.vertx.core.Future;

/**
 * One try to connect to a server, and the connection that comes of it.
 *
 * @param <S> what commands are sent to once the connection is ready
 */
public interface Link<S> {

  /** Completes when the server has answered and commands may be sent. */
  Future<S> ready();

  /**
   * Ends the connection or the try, at once: what still waits for an answer fails, and a server
   * that no longer reads cannot hold it open.
   */
  void close();

  /** Whether a command that failed so leaves the connection of no further use. */
  boolean isFatal(Throwable failure);
}
