package dev.canvas.bus;

import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.Tiers;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;

/**
 * The media service of whichever data verticle takes the request. Thread-safe; an answer arrives on
 * the context of the caller.
 */
public final class BusMediaService implements MediaService {

  /** Beyond the data side's own deadlines: it expires only where a node is gone or frozen. */
  private static final Duration TIMEOUT = Duration.ofMillis(900);

  private static final DeliveryOptions LANE =
      new DeliveryOptions().setSendTimeout(TIMEOUT.toMillis()).setLocalOnly(true);

  private final EventBus bus;
  private final Requests requests;
  private final Lanes lanes;
  private final String loop = Lanes.thisLoop();
  private final String getLane = Lanes.of(Addresses.DATA_GET, loop);
  private final String writeLane = Lanes.of(Addresses.DATA_WRITE, loop);

  /**
   * To be made on the event loop of the verticle that asks, if it is to use that loop's lane.
   *
   * @param vertx with the {@link Codecs} registered
   */
  public BusMediaService(Vertx vertx) {
    this.bus = vertx.eventBus();
    this.requests = new Requests(bus, TIMEOUT);
    this.lanes = new Lanes(vertx);
  }

  @Override
  public Future<Lookup> get(ProductId productId) {
    return explained(this.<Lookup>inLane(Addresses.DATA_GET, getLane, productId));
  }

  @Override
  public Future<List<Lookup>> batch(List<ProductId> productIds) {
    return this.<Lookups>request(Addresses.DATA_BATCH, new ProductIds(productIds))
        .map(Lookups::values);
  }

  @Override
  public Future<List<Lookup>> page(ProductId from, int limit) {
    return this.<Lookups>request(Addresses.DATA_PAGE, new PageRequest(from, limit))
        .map(Lookups::values);
  }

  @Override
  public Future<Written> write(Change change) {
    return this.<Written>inLane(Addresses.DATA_WRITE, writeLane, new WriteRequest(change))
        .recover(failure -> Future.failedFuture(problemOfWrite(failure)));
  }

  @Override
  public Future<Tiers> tiers() {
    return this.<Tiers>request(Addresses.DATA_TIERS, null)
        .otherwise(nobody -> new Tiers(false, false));
  }

  private <T> Future<T> inLane(String address, String lane, Object body) {
    if (!lanes.isOpen(loop)) {
      return requests.ask(address, body);
    }
    long began = System.nanoTime();
    return bus.<T>request(lane, body, LANE)
        .map(Message::body)
        .recover(failure -> passedBy(failure, address, body, began));
  }

  /**
   * A verticle that leaves just then no longer takes its lane; the shared address has the others.
   */
  private <T> Future<T> passedBy(Throwable failure, String address, Object body, long began) {
    return isNobody(failure) || requests.wasDiscarded(failure, began)
        ? requests.ask(address, body)
        : Future.failedFuture(failure);
  }

  private <T> Future<T> request(String address, Object body) {
    return explained(requests.ask(address, body));
  }

  private static <T> Future<T> explained(Future<T> reply) {
    return reply.recover(failure -> Future.failedFuture(problem(failure)));
  }

  private static boolean isNobody(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.NO_HANDLERS;
  }

  /** The problem that a failed write tells of. */
  static ProblemException problemOfWrite(Throwable failure) {
    return failure instanceof ReplyException reply
            && (reply.failureType() == ReplyFailure.TIMEOUT
                || reply.failureType() == ReplyFailure.ERROR)
        ? Problem.OUTCOME_UNKNOWN.because(
            "The data verticle asked did not answer: the change was made, will be, or will not;"
                + " read the product again")
        : problem(failure);
  }

  /** The problem that a failed request tells of. */
  static ProblemException problem(Throwable failure) {
    if (failure instanceof ReplyException reply) {
      return switch (reply.failureType()) {
        case NO_HANDLERS ->
            Problem.UNAVAILABLE.because(
                "No data verticle is deployed within reach; start one with the role 'data'");
        case TIMEOUT ->
            Problem.UNAVAILABLE.because("The data verticle asked did not answer; ask again");
        default -> ProblemException.fromJson(reply.getMessage());
      };
    }
    return Problem.INTERNAL.because("%s", failure);
  }
}
