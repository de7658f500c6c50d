package dev.canvas.bus;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a media service on the event bus: for the verticles of Canvas as records, for other services
 * as JSON. Belongs to one verticle.
 */
public final class MediaConsumers {

  private static final Logger LOG = LoggerFactory.getLogger(MediaConsumers.class);

  private final EventBus bus;
  private final Lanes lanes;
  private final String loop = Lanes.thisLoop();
  private final MediaService media;
  private final JsonMediaService json;
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();

  /**
   * To be made on the event loop of the verticle.
   *
   * @param media what answers
   */
  public MediaConsumers(Vertx vertx, MediaService media) {
    this.bus = vertx.eventBus();
    this.lanes = new Lanes(vertx);
    this.media = media;
    this.json = new JsonMediaService(media);
  }

  /** Registers everything; completes when all nodes can send here. */
  public Future<Void> register() {
    this.<ProductId, Lookup>consume(Addresses.DATA_GET, media::get);
    consumers.add(bus.localConsumer(Lanes.of(Addresses.DATA_GET, loop), answering(media::get)));
    this.<ProductIds, Lookups>consume(
        Addresses.DATA_BATCH, ids -> media.batch(ids.values()).map(Lookups::new));
    this.<PageRequest, Lookups>consume(
        Addresses.DATA_PAGE, page -> media.page(page.from(), page.limit()).map(Lookups::new));
    consume(Addresses.DATA_TIERS, nothing -> media.tiers());
    consume(Addresses.MEDIA_GET, json::get);
    consume(Addresses.MEDIA_BATCH, json::batch);
    return Future.all(consumers.stream().map(MessageConsumer::completion).toList())
        .onSuccess(registered -> lanes.open(loop))
        .mapEmpty();
  }

  /** Takes everything off the bus; completes when no node sends here any more. */
  public Future<Void> unregister() {
    lanes.close(loop);
    return Future.join(consumers.stream().map(MessageConsumer::unregister).toList()).mapEmpty();
  }

  private <Q, A> void consume(String address, Function<Q, Future<A>> answer) {
    consumers.add(bus.consumer(address, answering(answer)));
  }

  private static <Q, A> Handler<Message<Q>> answering(Function<Q, Future<A>> answer) {
    return request ->
        Future.succeededFuture(request)
            .compose(message -> answer.apply(message.body()))
            .onComplete(request::reply, failure -> fail(request, failure));
  }

  private static void fail(Message<?> request, Throwable failure) {
    ProblemException problem;
    if (failure instanceof ProblemException told) {
      problem = told;
    } else {
      LOG.error("A request to {} failed", request.address(), failure);
      problem = Problem.INTERNAL.because("The reason is in the service's log");
    }
    request.fail(problem.problem().status(), problem.toJson().encode());
  }
}
