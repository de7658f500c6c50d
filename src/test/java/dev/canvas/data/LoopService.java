package dev.canvas.data;

import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.function.Function;

/**
 * The media service of a deployed data verticle, called on its own event loop and not over the bus.
 * Thread-safe.
 */
record LoopService(DataVerticle verticle) implements MediaService {

  @Override
  public Future<Lookup> get(ProductId productId) {
    return onLoop(media -> media.get(productId));
  }

  @Override
  public Future<List<Lookup>> batch(List<ProductId> productIds) {
    return onLoop(media -> media.batch(productIds));
  }

  @Override
  public Future<List<Lookup>> page(ProductId from, int limit) {
    return onLoop(media -> media.page(from, limit));
  }

  @Override
  public Future<Written> write(Change change) {
    return onLoop(media -> media.write(change));
  }

  @Override
  public Future<List<Outcome>> writeAll(List<Change> changes) {
    return onLoop(media -> media.writeAll(changes));
  }

  /** Makes several calls in one tick of the event loop. */
  <T> List<Future<T>> inOneTick(List<Function<MediaService, Future<T>>> calls) {
    List<Promise<T>> answers = calls.stream().map(call -> Promise.<T>promise()).toList();
    verticle
        .loop()
        .runOnContext(
            tick -> {
              for (int i = 0; i < calls.size(); i++) {
                calls.get(i).apply(verticle.media()).onComplete(answers.get(i));
              }
            });
    return answers.stream().map(Promise::future).toList();
  }

  private <T> Future<T> onLoop(Function<MediaService, Future<T>> call) {
    return inOneTick(List.of(call)).get(0);
  }
}
