package dev.canvas.bus;

import dev.canvas.control.SeedControl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** Puts a seeder on the event bus, as JSON. Belongs to the verticle that registers it. */
public final class SeedConsumers {

  private final Vertx vertx;
  private final SeedControl seeding;
  private final InFlightRequests answers = new InFlightRequests();

  /**
   * @param seeding answers
   */
  public SeedConsumers(Vertx vertx, SeedControl seeding) {
    this.vertx = vertx;
    this.seeding = seeding;
  }

  /** Registers it; completes when all nodes can send here. */
  public Future<Void> register() {
    return Future.all(
            vertx
                .eventBus()
                .consumer(
                    Addresses.SEED_START,
                    answers.with(body -> seeding.start(InFlightRequests.object(body))))
                .completion(),
            vertx
                .eventBus()
                .consumer(Addresses.SEED_STATUS, answers.with(body -> seeding.status()))
                .completion(),
            vertx
                .eventBus()
                .consumer(Addresses.SEED_CANCEL, answers.with(body -> seeding.cancel()))
                .completion())
        .mapEmpty();
  }

  /** Tells all who listen how far a load is. */
  public void tell(JsonObject progress) {
    vertx.eventBus().publish(Addresses.SEED_PROGRESS, progress);
  }
}
