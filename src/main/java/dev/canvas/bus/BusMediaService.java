package dev.canvas.bus;

import dev.canvas.client.FailedRequest;
import dev.canvas.client.RetryBudget;
import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import dev.canvas.trace.CallSpans;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Sends the requests of a {@link MediaService} to the data verticles: on the lane of this event
 * loop if it has one, otherwise to another data verticle of this node, otherwise to another node of
 * the cluster. An answer arrives on the context of the caller. Not thread-safe: belongs to the
 * event loop on which it is created.
 */
public final class BusMediaService implements MediaService {

  /**
   * Longer than the deadlines of the data verticles: expires only if a verticle is gone. For other
   * nodes of a cluster, {@code cluster.read-timeout} says how long.
   */
  private static final Duration TIMEOUT = Duration.ofMillis(900);

  /** Longer for a write, which may wait for other writes, a commit and a repair of the cache. */
  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(3);

  /** Longer still for a bulk, which may wait long for the store. */
  private static final Duration BULK_TIMEOUT = Duration.ofSeconds(25);

  private final DataSender reads;
  private final DataSender writes;
  private final DataSender bulks;

  /** Empty where most reads do not leave the node. */
  private final Optional<GatheredReads> gathered;

  private final LaneRegistry lanes;
  private final String loop = LaneRegistry.currentLoop();
  private final LaneClient<ProductId, Lookup> laneReads;
  private final LaneClient<Change, Written> laneWrites;

  /**
   * Must be called on the event loop of the verticle that uses it, while that starts.
   *
   * @param vertx with the {@link Codecs} registered
   * @param registry counts requests that are sent again
   */
  public BusMediaService(Vertx vertx, MeterRegistry registry) {
    RetryBudget budget = MeteredRetries.budget(registry);
    Duration timeout = ClusterNodes.of(vertx).map(ClusterNodes::readTimeout).orElse(TIMEOUT);
    this.reads = new DataSender(vertx, timeout, budget, true);
    this.writes = new DataSender(vertx, WRITE_TIMEOUT, budget, false);
    this.bulks = new DataSender(vertx, BULK_TIMEOUT, budget, false);
    // A trace has a span for each message, so its reads travel alone.
    boolean traced = CallSpans.of(vertx).isOn();
    this.gathered =
        ClusterNodes.of(vertx)
            .filter(nodes -> !nodes.servesData() && !traced)
            .map(nodes -> new GatheredReads(vertx, nodes, reads, budget));
    this.lanes = new LaneRegistry(vertx);
    this.laneReads = new LaneClient<>(vertx, TIMEOUT, FailedRequest::noAnswer);
    this.laneWrites = new LaneClient<>(vertx, WRITE_TIMEOUT, FailedRequest::noAnswerToWrite);
  }

  @Override
  public Future<Lookup> get(ProductId productId) {
    return lanes
        .find(loop)
        .map(lane -> laneReads.request(lane.get(), productId))
        .orElseGet(() -> answered(getOverBus(productId)));
  }

  private Future<Lookup> getOverBus(ProductId productId) {
    return gathered.isPresent()
        ? gathered.get().get(productId)
        : reads.request(NodeAddresses.DATA_GET, productId);
  }

  @Override
  public Future<List<Lookup>> batch(List<ProductId> productIds) {
    return this.<Messages.Lookups>read(
            NodeAddresses.DATA_BATCH, new Messages.ProductIds(productIds))
        .map(Messages.Lookups::values);
  }

  @Override
  public Future<List<Lookup>> page(ProductId from, int limit) {
    return this.<Messages.Lookups>read(
            NodeAddresses.DATA_PAGE, new Messages.PageRequest(from, limit))
        .map(Messages.Lookups::values);
  }

  @Override
  public Future<Written> write(Change change) {
    return lanes
        .find(loop)
        .map(lane -> laneWrites.request(lane.write(), change))
        .orElseGet(
            () ->
                writes
                    .<Written>request(NodeAddresses.DATA_WRITE, new Messages.WriteRequest(change))
                    .recover(failure -> Future.failedFuture(FailedRequest.ofWrite(failure))));
  }

  @Override
  public Future<List<Outcome>> writeAll(List<Change> changes) {
    return bulks
        .<Messages.Outcomes>request(NodeAddresses.DATA_BULK, new Messages.ChangeBatch(changes))
        .map(Messages.Outcomes::values)
        .otherwise(
            failure ->
                Collections.nCopies(
                    changes.size(), new Outcome.Refused(FailedRequest.ofWrite(failure))));
  }

  private <T> Future<T> read(String address, Object body) {
    return answered(reads.request(address, body));
  }

  private static <T> Future<T> answered(Future<T> answer) {
    return answer.recover(failure -> Future.failedFuture(FailedRequest.problem(failure)));
  }
}
