package dev.canvas.bus;

import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * The media service of whichever data verticle takes the request. An answer arrives on the context
 * of the caller. Belongs to the event loop that it is made on.
 */
public final class BusMediaService implements MediaService {

  /** Beyond the data side's own deadlines: it expires only where a node is gone or frozen. */
  private static final Duration TIMEOUT = Duration.ofMillis(900);

  /** The same for a write, which may wait for others, for a commit and for a repair. */
  private static final Duration WRITE_TIMEOUT = Duration.ofMillis(1_500);

  /** And for a bulk, which may wait long for a store, and then for its answer. */
  private static final Duration BULK_TIMEOUT = Duration.ofSeconds(25);

  private final Requests requests;
  private final Requests writes;
  private final Requests bulks;
  private final Lanes lanes;
  private final String loop = Lanes.thisLoop();
  private final Lane<ProductId, Lookup> reading;
  private final Lane<Change, Written> writing;

  /**
   * To be made on the event loop of the verticle that asks, by its start.
   *
   * @param vertx with the {@link Codecs} registered
   */
  public BusMediaService(Vertx vertx) {
    this.requests = new Requests(vertx.eventBus(), TIMEOUT);
    this.writes = new Requests(vertx.eventBus(), WRITE_TIMEOUT);
    this.bulks = new Requests(vertx.eventBus(), BULK_TIMEOUT);
    this.lanes = new Lanes(vertx);
    this.reading = new Lane<>(vertx, TIMEOUT, BusMediaService::unanswered);
    this.writing = new Lane<>(vertx, WRITE_TIMEOUT, BusMediaService::unansweredWrite);
  }

  @Override
  public Future<Lookup> get(ProductId productId) {
    return lanes
        .of(loop)
        .map(lane -> reading.ask(lane.get(), productId))
        .orElseGet(() -> request(Addresses.DATA_GET, productId));
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
    return lanes
        .of(loop)
        .map(lane -> writing.ask(lane.write(), change))
        .orElseGet(
            () ->
                writes
                    .<Written>ask(Addresses.DATA_WRITE, new WriteRequest(change))
                    .recover(failure -> Future.failedFuture(problemOfWrite(failure))));
  }

  @Override
  public Future<List<Outcome>> writeAll(List<Change> changes) {
    return bulks
        .<Outcomes>ask(Addresses.DATA_BULK, new ChangeBatch(changes))
        .map(Outcomes::values)
        .otherwise(
            failure ->
                Collections.nCopies(changes.size(), new Outcome.Refused(problemOfWrite(failure))));
  }

  @Override
  public Future<MediaService.Tiers> tiers() {
    return this.<MediaService.Tiers>request(Addresses.DATA_TIERS, null)
        .otherwise(nobody -> new MediaService.Tiers(false, false));
  }

  private <T> Future<T> request(String address, Object body) {
    return requests.<T>ask(address, body).recover(failure -> Future.failedFuture(problem(failure)));
  }

  /** The problem that a failed write tells of. */
  static ProblemException problemOfWrite(Throwable failure) {
    return failure instanceof ReplyException reply
            && (reply.failureType() == ReplyFailure.TIMEOUT
                || reply.failureType() == ReplyFailure.ERROR)
        ? unansweredWrite()
        : problem(failure);
  }

  private static ProblemException unanswered() {
    return Problem.UNAVAILABLE.because("The data verticle asked did not answer; ask again");
  }

  private static ProblemException unansweredWrite() {
    return Problem.OUTCOME_UNKNOWN.because(
        "The data verticle asked did not answer: the change was made, will be, or will not;"
            + " read the product again");
  }

  /** The problem that a failed request tells of. */
  static ProblemException problem(Throwable failure) {
    if (failure instanceof ReplyException reply) {
      return switch (reply.failureType()) {
        case NO_HANDLERS ->
            Problem.UNAVAILABLE.because(
                "No data verticle is deployed within reach; start one with the role 'data'");
        case TIMEOUT -> unanswered();
        default -> ProblemException.fromJson(reply.getMessage());
      };
    }
    return Problem.INTERNAL.because("%s", failure);
  }
}
