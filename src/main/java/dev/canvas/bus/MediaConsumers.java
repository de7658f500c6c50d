package dev.canvas.bus;

import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaReader;
import dev.canvas.media.MediaRules;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts a media service on the event bus: for the verticles of Canvas as records, for other services
 * as JSON. Belongs to one verticle.
 */
public final class MediaConsumers {

  private final Vertx vertx;
  private final EventBus bus;
  private final Lanes lanes;
  private final String loop = Lanes.thisLoop();
  private final Lanes.Pair lane;
  private final MediaService media;
  private final JsonReads reads;
  private final JsonWrites writes;
  private final InFlightRequests answers = new InFlightRequests();
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();

  /**
   * To be made on the event loop of the verticle.
   *
   * @param media what answers
   * @param rules what media other services may write
   */
  public MediaConsumers(Vertx vertx, MediaService media, MediaRules rules) {
    this.vertx = vertx;
    this.bus = vertx.eventBus();
    this.lanes = new Lanes(vertx);
    this.lane = lanes.another();
    this.media = media;
    this.reads = new JsonReads(media);
    this.writes = new JsonWrites(media, new MediaReader(rules));
  }

  /** Registers everything; completes when all nodes can send here. */
  public Future<Void> register() {
    this.<ProductId, Lookup>consume(Addresses.DATA_GET, media::get);
    this.<ProductId, Lookup>consumeOnLane(lane.get(), media::get);
    this.<WriteRequest, Written>consume(
        Addresses.DATA_WRITE, request -> media.write(request.change()));
    this.<Change, Written>consumeOnLane(lane.write(), media::write);
    this.<ChangeBatch, Outcomes>consume(
        Addresses.DATA_BULK, batch -> media.writeAll(batch.changes()).map(Outcomes::new));
    this.<ProductIds, Lookups>consume(
        Addresses.DATA_BATCH, ids -> media.batch(ids.values()).map(Lookups::new));
    this.<PageRequest, Lookups>consume(
        Addresses.DATA_PAGE, page -> media.page(page.from(), page.limit()).map(Lookups::new));
    consume(Addresses.DATA_TIERS, nothing -> media.tiers());
    consume(Addresses.MEDIA_GET, reads::get);
    consume(Addresses.MEDIA_BATCH, reads::batch);
    consume(Addresses.MEDIA_PUT, writes::put);
    consume(Addresses.MEDIA_PATCH, writes::patch);
    consume(Addresses.MEDIA_DELETE, writes::delete);
    return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
        .onSuccess(registered -> lanes.open(loop, lane))
        .mapEmpty();
  }

  /**
   * Takes everything off the bus, then answers what is under way; completes when that is done. What
   * had been sent here and not been begun is refused by Vert.x, and asked again by {@link
   * Requests}. To be called on the event loop of the verticle.
   */
  public Future<Void> unregister() {
    lanes.close(loop, lane);
    Promise<Void> laneIsEmpty = Promise.promise();
    // Only this loop sends on its lane, and by the next tick it has handled what it sent.
    vertx.runOnContext(nextTick -> laneIsEmpty.complete());
    return laneIsEmpty
        .future()
        .compose(empty -> Future.join(consumers.stream().map(MessageConsumer::unregister).toList()))
        .compose(unregistered -> answers.given());
  }

  private <Q, A> void consumeOnLane(String address, Function<Q, Future<A>> answer) {
    consumers.add(bus.localConsumer(address, answers.onLane(answer)));
  }

  private <Q, A> void consume(String address, Function<Q, Future<A>> answer) {
    consumers.add(bus.consumer(address, answers.with(answer)));
  }
}
