package dev.canvas.http.bridge;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/**
 * An address to which clients of the bridge may send. Immutable.
 *
 * @param right that a message needs
 * @param send sends a message; fails with a {@code ProblemException}
 */
record Addressee(Right right, Function<JsonObject, Future<JsonObject>> send) {

  /** What a client needs for a message. */
  enum Right {
    /** Nothing. */
    READ,
    /** A credential, unless everybody may write. */
    WRITE,
    /** A credential in any case. */
    CONTROL
  }
}
