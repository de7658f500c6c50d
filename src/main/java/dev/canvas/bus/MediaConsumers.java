package dev.canvas.bus;

import dev.canvas.client.Addresses;
import dev.canvas.client.RequestSender;
import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaReader;
import dev.canvas.media.MediaRules;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import dev.canvas.trace.CallSpans;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Serves a media service on the event bus: records for the verticles of Canvas, JSON for other
 * services. Not thread-safe: belongs to one verticle.
 */
public final class MediaConsumers {

  private final Vertx vertx;
  private final EventBus bus;
  private final LaneRegistry lanes;
  private final String loop = LaneRegistry.currentLoop();
  private final LaneRegistry.Lane lane;
  private final MediaService media;
  private final JsonRequests json;
  private final InFlightRequests requests;
  private final GatheredAnswers gathered;
  private final Optional<ClusterNodes> nodes;
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();

  /**
   * Must be called on the event loop of the verticle.
   *
   * @param media answers the requests
   * @param rules validate the media that other services write
   */
  public MediaConsumers(Vertx vertx, MediaService media, MediaRules rules) {
    this.vertx = vertx;
    this.bus = vertx.eventBus();
    this.lanes = new LaneRegistry(vertx);
    this.lane = lanes.create();
    this.requests = new InFlightRequests(CallSpans.of(vertx));
    this.gathered = new GatheredAnswers(vertx, media::get, requests);
    this.nodes = ClusterNodes.of(vertx);
    this.media = media;
    this.json = new JsonRequests(media, new MediaReader(rules));
  }

  /**
   * Registers all consumers and opens the lane. Completes when all nodes can send requests here.
   */
  public Future<Void> register() {
    this.<ProductId, Lookup>consumeOwn(NodeAddresses.DATA_GET, media::get);
    nodes.ifPresent(
        all ->
            consumers.add(
                bus.<Messages.Reads>consumer(
                    all.ownAddress(NodeAddresses.DATA_READS), gathered::answer)));
    this.<ProductId, Lookup>consumeOnLane(lane.get(), media::get);
    this.<Messages.WriteRequest, Written>consumeOwn(
        NodeAddresses.DATA_WRITE, request -> media.write(request.change()));
    this.<Change, Written>consumeOnLane(lane.write(), media::write);
    this.<Messages.ChangeBatch, Messages.Outcomes>consumeOwn(
        NodeAddresses.DATA_BULK,
        batch -> media.writeAll(batch.changes()).map(Messages.Outcomes::new));
    this.<Messages.ProductIds, Messages.Lookups>consumeOwn(
        NodeAddresses.DATA_BATCH, ids -> media.batch(ids.values()).map(Messages.Lookups::new));
    this.<Messages.PageRequest, Messages.Lookups>consumeOwn(
        NodeAddresses.DATA_PAGE,
        page -> media.page(page.from(), page.limit()).map(Messages.Lookups::new));
    consume(Addresses.MEDIA_GET, json::get);
    consume(Addresses.MEDIA_BATCH, json::batch);
    consume(Addresses.MEDIA_PUT, json::put);
    consume(Addresses.MEDIA_PATCH, json::patch);
    consume(Addresses.MEDIA_DELETE, json::delete);
    return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
        .onSuccess(registered -> lanes.open(loop, lane))
        .mapEmpty();
  }

  /**
   * Closes the lane and unregisters all consumers. Completes when all requests that were started
   * have been answered. Vert.x fails those that were not started, and {@link RequestSender} repeats
   * them elsewhere. Must be called on the event loop of the verticle.
   */
  public Future<Void> unregister() {
    lanes.close(loop, lane);
    Promise<Void> laneEmpty = Promise.promise();
    // Only this loop sends on its lane. By the next tick it has handled what it sent.
    vertx.runOnContext(nextTick -> laneEmpty.complete());
    return laneEmpty
        .future()
        .compose(empty -> Future.join(consumers.stream().map(MessageConsumer::unregister).toList()))
        .compose(unregistered -> requests.drain());
  }

  private <Q, A> void consumeOnLane(String address, Function<Q, Future<A>> service) {
    consumers.add(bus.localConsumer(address, requests.laneHandler(service)));
  }

  private <Q, A> void consume(String address, Function<Q, Future<A>> service) {
    consumers.add(bus.consumer(address, requests.handler(service)));
  }

  /**
   * Consumes what Canvas's own verticles send. In a cluster they choose the node themselves, so
   * that the address is known to this node, and with the node's name to all others.
   */
  private <Q, A> void consumeOwn(String address, Function<Q, Future<A>> service) {
    if (nodes.isEmpty()) {
      consume(address, service);
    } else {
      consumers.add(bus.localConsumer(address, requests.handler(service)));
      consume(nodes.get().ownAddress(address), service);
    }
  }
}
