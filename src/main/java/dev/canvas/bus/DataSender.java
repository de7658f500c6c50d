package dev.canvas.bus;

import dev.canvas.client.RequestSender;
import dev.canvas.client.RetryBudget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Sends requests to data verticles: to those of this node, or, where it has none, to those of
 * another node of the cluster. What another node has not started is sent to a third one. A read
 * that another node does not answer in time is sent to a third one once; a write never is.
 * Thread-safe.
 */
final class DataSender {

  /** The share of the timeout after which a read is sent to another node. */
  private static final double FIRST_ATTEMPT = 0.45;

  private final RequestSender here;
  private final Vertx vertx;
  private final Optional<ClusterNodes> nodes;
  private final RetryBudget budget;
  private final boolean repeatable;
  private final DeliveryOptions whole;
  private final DeliveryOptions half;

  /**
   * @param timeout how long an answer may take, all attempts together
   * @param budget of requests that are sent again
   * @param repeatable whether a request may be made twice: a read
   */
  DataSender(Vertx vertx, Duration timeout, RetryBudget budget, boolean repeatable) {
    this.vertx = vertx;
    this.nodes = ClusterNodes.of(vertx);
    this.here = new RequestSender(vertx.eventBus(), timeout, budget, nodes.isPresent());
    this.budget = budget;
    this.repeatable = repeatable;
    this.whole = new DeliveryOptions().setSendTimeout(timeout.toMillis());
    this.half = new DeliveryOptions().setSendTimeout((long) (timeout.toMillis() * FIRST_ATTEMPT));
  }

  /** Sends a request to one of the data verticles. */
  <T> Future<T> request(String address, Object body) {
    if (nodes.isEmpty()) {
      return here.request(address, body);
    }
    ClusterNodes others = nodes.get();
    return others.servesData()
        ? here.<T>request(address, body)
            .recover(
                failure ->
                    isFailure(failure, ReplyFailure.NO_HANDLERS)
                        ? elsewhere(others, address, body)
                        : Future.failedFuture(failure))
        : elsewhere(others, address, body);
  }

  /**
   * How long a node may take.
   *
   * @param last whether no other one is asked after it
   */
  DeliveryOptions attempt(boolean last) {
    return last ? whole : half;
  }

  private <T> Future<T> elsewhere(ClusterNodes others, String address, Object body) {
    budget.request();
    return attempt(others, address, body, Set.of(), false);
  }

  /**
   * Sends a request that has not been answered to another node, if the budget allows it.
   *
   * @param tried the nodes that have not answered
   * @param started whether one of them may have started it
   * @param failure the answer otherwise
   */
  <T> Future<T> retry(
      String address, Object body, Set<String> tried, boolean started, Throwable failure) {
    return budget.mayRetry()
        ? attempt(nodes.orElseThrow(), address, body, tried, started)
        : Future.failedFuture(failure);
  }

  /**
   * @param before the nodes that have not answered
   * @param again whether one of them may have started the request
   */
  private <T> Future<T> attempt(
      ClusterNodes others, String address, Object body, Set<String> before, boolean again) {
    Optional<String> chosen = others.chooseData(before);
    if (chosen.isEmpty()) {
      return Future.failedFuture(new ReplyException(ReplyFailure.NO_HANDLERS));
    }
    String node = chosen.get();
    Set<String> tried = new HashSet<>(before);
    tried.add(node);
    boolean last = !repeatable || (!again && !others.hasDataBeside(tried));
    DeliveryOptions options = attempt(last);
    long sentNanos = System.nanoTime();
    return vertx
        .eventBus()
        .<T>request(NodeAddresses.at(address, node), body, options)
        .map(Message::body)
        .recover(
            failure -> {
              boolean unstarted = isUnstarted(failure, sentNanos, options);
              boolean unanswered =
                  isFailure(failure, ReplyFailure.TIMEOUT)
                      || isFailure(failure, ReplyFailure.ERROR);
              if (unanswered && !unstarted) {
                others.avoid(node);
              }
              boolean mayRepeat = unstarted || (unanswered && repeatable && !again && !last);
              return mayRepeat
                  ? retry(address, body, tried, again || !unstarted, failure)
                  : Future.failedFuture(failure);
            });
  }

  /**
   * Whether nobody has started a request. When a consumer unregisters, Vert.x fails what it has
   * queued at once with {@code TIMEOUT}.
   */
  static boolean isUnstarted(Throwable failure, long sentNanos, DeliveryOptions options) {
    boolean early = System.nanoTime() - sentNanos < options.getSendTimeout() * 1_000_000;
    return isFailure(failure, ReplyFailure.NO_HANDLERS)
        || (isFailure(failure, ReplyFailure.TIMEOUT) && early);
  }

  private static boolean isFailure(Throwable failure, ReplyFailure type) {
    return failure instanceof ReplyException reply && reply.failureType() == type;
  }
}
