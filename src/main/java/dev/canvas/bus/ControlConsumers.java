package dev.canvas.bus;

import dev.canvas.client.Addresses;
import dev.canvas.control.Nodes;
import dev.canvas.control.Scaling;
import dev.canvas.control.SeedControl;
import dev.canvas.control.Verticles;
import dev.canvas.trace.CallSpans;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves operators on the event bus, in JSON: loading the store and scaling verticles. Consumers
 * belong to the verticle that registers them, and Vert.x unregisters them with it.
 */
public final class ControlConsumers {

  private ControlConsumers() {}

  /** Registers the control of a seeder. Completes when all nodes can reach it. */
  public static Future<Void> register(Vertx vertx, SeedControl seeder) {
    InFlightRequests requests = new InFlightRequests(CallSpans.of(vertx));
    var bus = vertx.eventBus();
    return Future.all(
            bus.consumer(
                    Addresses.SEED_START,
                    requests.handler(body -> seeder.start(JsonRequests.object(body))))
                .completion(),
            bus.consumer(Addresses.SEED_STATUS, requests.handler(body -> seeder.status()))
                .completion(),
            bus.consumer(Addresses.SEED_CANCEL, requests.handler(body -> seeder.cancel()))
                .completion())
        .mapEmpty();
  }

  /** Publishes the progress of a load to all nodes. Any thread may call it. */
  public static void publishProgress(Vertx vertx, JsonObject progress) {
    vertx.eventBus().publish(Addresses.SEED_PROGRESS, progress);
  }

  /** Registers the control of a process's verticles. Completes when all nodes can reach it. */
  public static Future<Void> register(Vertx vertx, Verticles verticles, Nodes nodes) {
    Handler<Message<Object>> handler =
        new InFlightRequests(CallSpans.of(vertx))
            .handler(body -> listOrScale(verticles, nodes, body));
    List<Future<Void>> registered = new ArrayList<>();
    registered.add(vertx.eventBus().consumer(Addresses.VERTICLES, handler).completion());
    ClusterNodes.of(vertx)
        .map(cluster -> cluster.ownAddress(Addresses.VERTICLES))
        .ifPresent(own -> registered.add(vertx.eventBus().consumer(own, handler).completion()));
    return Future.all(registered).mapEmpty();
  }

  private static Future<JsonObject> listOrScale(Verticles verticles, Nodes nodes, Object body) {
    JsonObject request = JsonRequests.object(body);
    if (Boolean.TRUE.equals(request.getValue("all"))) {
      return nodes.scale(Scaling.of(request)).map(scaled -> new JsonObject().put("nodes", scaled));
    }
    Future<Verticles.Deployed> deployed =
        request.isEmpty()
            ? Future.succeededFuture(verticles.deployed())
            : verticles.scale(Scaling.of(request));
    return deployed.map(now -> new JsonObject().put("verticles", now.toJson()));
  }
}
