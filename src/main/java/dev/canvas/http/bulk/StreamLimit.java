package dev.canvas.http.bulk;

import dev.canvas.media.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Set;

/**
 * The long answers of one kind that are under way, of which a verticle has only so many at once:
 * each holds memory for as long as its client likes. Belongs to one event loop.
 */
final class StreamLimit {

  private final int most;
  private final Set<RoutingContext> underWay = new HashSet<>();

  StreamLimit(int most) {
    this.most = most;
  }

  /**
   * Counts one in, and out when it has ended, however it ends.
   *
   * @throws dev.canvas.media.ProblemException {@link Problem#UNAVAILABLE} where there are too many
   */
  void enter(RoutingContext context) {
    if (underWay.size() == most) {
      throw Problem.UNAVAILABLE.because(
          "%d such streams are under way here, which is the most; ask again when one has ended",
          most);
    }
    underWay.add(context);
    context.addEndHandler(ended -> underWay.remove(context));
  }
}
