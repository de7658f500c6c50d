package dev.canvas.bus;

import dev.canvas.loop.LoopTimer;
import dev.canvas.media.ProblemException;
import dev.canvas.trace.CallSpans;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.tracing.TracingPolicy;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Sends requests on the lanes of one event loop. A request carries the promise of its answer,
 * because the consumer runs on the same loop. A reply of Vert.x would cost a handler with an
 * address, a timer and a second message per request. See {@code
 * docs/adr/0005-lanes-within-an-event-loop.md}.
 *
 * <p>Not thread-safe: belongs to one event loop.
 *
 * @param <Q> the request
 * @param <A> the answer
 */
final class LaneClient<Q, A> {

  /** Vert.x would record a message without an answer; {@link CallSpans} records both. */
  private static final DeliveryOptions LOCAL =
      new DeliveryOptions().setLocalOnly(true).setTracingPolicy(TracingPolicy.IGNORE);

  /** A timeout fires at most this much late. */
  private static final Duration TIMEOUT_RESOLUTION = Duration.ofMillis(50);

  private final Vertx vertx;
  private final CallSpans spans;
  private final long timeoutTicks;
  private final Supplier<ProblemException> onTimeout;

  /**
   * Counts the turns of this loop in which an answer could have arrived, {@link
   * #TIMEOUT_RESOLUTION} apart or more: a loop that is late does not time out what waits for it.
   */
  private long tick;

  /** The unanswered requests, oldest first. */
  private final Set<LaneRequest<Q, A>> inFlight = new LinkedHashSet<>();

  /**
   * A request on a lane with the promise of its answer. Belongs to the event loop on which both
   * ends run.
   *
   * @param <Q> the request
   * @param <A> the answer
   */
  static final class LaneRequest<Q, A> {

    private final LaneClient<Q, A> client;
    private final Q body;
    private final Map<String, String> headers;
    private final Promise<A> answer;
    private final long sentTick;

    private LaneRequest(
        LaneClient<Q, A> client, Q body, Map<String, String> headers, Promise<A> answer) {
      this.client = client;
      this.sentTick = client.tick;
      this.body = body;
      this.headers = headers;
      this.answer = answer;
    }

    Q body() {
      return body;
    }

    /** The trace that the request belongs to; empty if it is not traced. */
    Map<String, String> headers() {
      return headers;
    }

    /** Completes the request; does nothing if it has timed out. */
    void complete(A result) {
      client.inFlight.remove(this);
      answer.tryComplete(result);
    }

    /** Fails the request; does nothing if it has timed out. */
    void fail(Throwable problem) {
      client.inFlight.remove(this);
      answer.tryFail(problem);
    }
  }

  /**
   * Must be called on the event loop by a verticle that is starting there: its timer ends with that
   * verticle.
   *
   * @param timeout how long an answer may take
   * @param onTimeout supplies the failure of a request that was not answered in time
   */
  LaneClient(Vertx vertx, Duration timeout, Supplier<ProblemException> onTimeout) {
    this.vertx = vertx;
    this.spans = CallSpans.of(vertx);
    this.timeoutTicks = timeout.dividedBy(TIMEOUT_RESOLUTION);
    this.onTimeout = onTimeout;
    LoopTimer.every(vertx, TIMEOUT_RESOLUTION.toMillis(), this::failExpired);
  }

  /** Sends a request on an open lane. The answer arrives on the context of the caller. */
  Future<A> request(String lane, Q body) {
    return spans.isOn()
        ? spans.send(LaneRegistry.address(lane), headers -> send(lane, body, headers))
        : send(lane, body, Map.of());
  }

  private Future<A> send(String lane, Q body, Map<String, String> headers) {
    ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
    var answer = caller.<A>promise();
    LaneRequest<Q, A> request = new LaneRequest<>(this, body, headers, answer);
    inFlight.add(request);
    vertx.eventBus().send(lane, request, LOCAL);
    return answer.future();
  }

  private void failExpired() {
    tick++;
    Iterator<LaneRequest<Q, A>> oldestFirst = inFlight.iterator();
    while (oldestFirst.hasNext()) {
      LaneRequest<Q, A> request = oldestFirst.next();
      if (tick - request.sentTick <= timeoutTicks) {
        return;
      }
      oldestFirst.remove();
      request.fail(onTimeout.get());
    }
  }
}
