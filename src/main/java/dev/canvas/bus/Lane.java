package dev.canvas.bus;

import dev.canvas.media.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The asking end of the lanes of an event loop. A request takes the promise of its answer along, as
 * the other end is on this loop too: a reply of Vert.x would cost it a handler with an address and
 * a timer of its own, and a second message. See {@code
 * docs/adr/0005-lanes-within-an-event-loop.md}.
 *
 * <p>Belongs to one event loop.
 *
 * @param <Q> what is asked
 * @param <A> the answer
 */
final class Lane<Q, A> {

  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  /** How late a timeout may be told. */
  private static final Duration LATENESS = Duration.ofMillis(50);

  private final Vertx vertx;
  private final long timeoutNanos;
  private final Supplier<ProblemException> late;
  private final Set<LaneRequest<Q, A>> underWay = new LinkedHashSet<>();

  /**
   * To be made on the event loop; the verticle that is just starting there ends its timer.
   *
   * @param timeout the longest that an answer may take
   * @param late what a request fails with that is not answered by then
   */
  Lane(Vertx vertx, Duration timeout, Supplier<ProblemException> late) {
    this.vertx = vertx;
    this.timeoutNanos = timeout.toNanos();
    this.late = late;
    vertx.setPeriodic(LATENESS.toMillis(), check -> expire());
  }

  /** Asks a lane that is open; the answer arrives on the context of the caller. */
  Future<A> ask(String address, Q body) {
    ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
    var answer = caller.<A>promise();
    LaneRequest<Q, A> request = new LaneRequest<>(this, body, answer);
    underWay.add(request);
    vertx.eventBus().send(address, request, LOCAL);
    return answer.future();
  }

  void answered(LaneRequest<Q, A> request) {
    underWay.remove(request);
  }

  /** They are in the order in which they were asked. */
  private void expire() {
    long now = System.nanoTime();
    Iterator<LaneRequest<Q, A>> eldest = underWay.iterator();
    while (eldest.hasNext()) {
      LaneRequest<Q, A> request = eldest.next();
      if (now - request.began() < timeoutNanos) {
        return;
      }
      eldest.remove();
      request.fail(late.get());
    }
  }
}
