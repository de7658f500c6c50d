package dev.canvas.bus;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.Tiers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;

/**
 * The media service of whichever data verticle takes the request. Thread-safe; an answer arrives on
 * the context of the caller.
 */
public final class BusMediaService implements MediaService {

  /** Beyond the data side's own deadlines: it expires only where a node is gone or frozen. */
  private static final DeliveryOptions OPTIONS = new DeliveryOptions().setSendTimeout(900);

  private static final DeliveryOptions LOCAL = new DeliveryOptions(OPTIONS).setLocalOnly(true);

  private final EventBus bus;
  private final Lanes lanes;
  private final String loop = Lanes.thisLoop();
  private final String getLane = Lanes.of(Addresses.DATA_GET, loop);

  /**
   * To be made on the event loop of the verticle that asks, if it is to use that loop's lane.
   *
   * @param vertx with the {@link Codecs} registered
   */
  public BusMediaService(Vertx vertx) {
    this.bus = vertx.eventBus();
    this.lanes = new Lanes(vertx);
  }

  @Override
  public Future<Lookup> get(ProductId productId) {
    return lanes.isOpen(loop)
        ? unwrapped(
            bus.<Lookup>request(getLane, productId, LOCAL)
                .recover(failure -> passedBy(failure, productId)))
        : request(Addresses.DATA_GET, productId);
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
  public Future<Tiers> tiers() {
    return this.<Tiers>request(Addresses.DATA_TIERS, null)
        .otherwise(nobody -> new Tiers(false, false));
  }

  /** A lane that closes just then has nobody on it; the shared address has the others. */
  private Future<Message<Lookup>> passedBy(Throwable failure, ProductId productId) {
    return isNobody(failure)
        ? bus.request(Addresses.DATA_GET, productId, OPTIONS)
        : Future.failedFuture(failure);
  }

  private <T> Future<T> request(String address, Object body) {
    return unwrapped(bus.request(address, body, OPTIONS));
  }

  private static <T> Future<T> unwrapped(Future<Message<T>> reply) {
    return reply.map(Message::body).recover(failure -> Future.failedFuture(problem(failure)));
  }

  private static boolean isNobody(Throwable failure) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.NO_HANDLERS;
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
