package dev.canvas.http.bulk;

import dev.canvas.media.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Set;

/**
 * Bounds the streams of one kind that a verticle serves at once, since each holds memory for as
 * long as its client takes. Not thread-safe: confined to one event loop.
 */
final class StreamLimit {

  private final int max;
  private final Set<RoutingContext> open = new HashSet<>();

  StreamLimit(int max) {
    this.max = max;
  }

  /**
   * Takes a place for a request, which is given back when its response ends in any way.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#UNAVAILABLE} if no place is left
   */
  void acquire(RoutingContext context) {
    if (open.size() == max) {
      throw Problem.UNAVAILABLE.because(
          "All %d streams of this kind are in use: try again when one has ended", max);
    }
    open.add(context);
    context.addEndHandler(ended -> open.remove(context));
  }
}
