package dev.canvas.data.connection;

import io.vertx.core.Future;

/**
 * One attempt to connect to a server, and the connection that results.
 *
 * @param <S> what commands are sent to once the connection is ready
 */
public interface Link<S> {

  /** Why a connection has ended, if nothing more is known. */
  String CLOSED = "the server closed the connection";

  /** Completes when the server has answered and commands may be sent. */
  Future<S> ready();

  /**
   * Aborts the attempt or closes the connection without waiting for the server. Commands without an
   * answer fail.
   */
  void close();

  /** Whether the connection is unusable after a command failed this way. */
  boolean isFatal(Throwable failure);

  /**
   * Whether the server remembers nothing of a connection, such as a lock, so that it may be used on
   * although it is not known what became of a command.
   */
  default boolean isStateless() {
    return false;
  }

  /** Why the server has closed the connection, as far as it has said so. */
  default String end() {
    return CLOSED;
  }

  /** Says what a failure means. */
  default String explain(Throwable failure) {
    String text = failure.getMessage();
    return text == null ? failure.getClass().getSimpleName() : text;
  }
}
