package dev.canvas.http.access;

import java.util.Optional;

/** Tells whether the bearer of a credential may write. Belongs to one event loop. */
interface WriteAccess {

  /**
   * Why the bearer may not, or nothing. Asks nobody else.
   *
   * @param credential what stands after {@code Bearer}: not empty, ASCII, and of no known meaning
   */
  Optional<Refusal> refusal(String credential);
}
