package dev.canvas.bus;

import dev.canvas.control.Scaling;
import dev.canvas.control.Verticles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/**
 * Puts the verticles of this process on the event bus, as JSON. Belongs to the verticle that
 * registers it, and leaves the bus with it.
 */
public final class VerticlesConsumer {

  private final Vertx vertx;
  private final Verticles verticles;

  /**
   * @param verticles what is listed and scaled
   */
  public VerticlesConsumer(Vertx vertx, Verticles verticles) {
    this.vertx = vertx;
    this.verticles = verticles;
  }

  /** Registers it; completes when all nodes can send here. */
  public Future<Void> register() {
    return vertx
        .eventBus()
        .consumer(Addresses.VERTICLES, new InFlightRequests().with(this::answer))
        .completion();
  }

  private Future<JsonObject> answer(Object body) {
    JsonObject request = InFlightRequests.object(body);
    Future<Verticles.Deployed> deployed =
        request.isEmpty()
            ? Future.succeededFuture(verticles.deployed())
            : verticles.scale(Scaling.of(request));
    return deployed.map(now -> new JsonObject().put("verticles", now.toJson()));
  }
}
