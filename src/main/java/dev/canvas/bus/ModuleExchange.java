package dev.canvas.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;

/**
 * Exchanges gallery modules over the event bus. Belongs to the verticle that creates it, with whose
 * end its offers end.
 */
public final class ModuleExchange {

  /** How long a browser waits for a node that is about to leave, in milliseconds. */
  private static final long TIMEOUT = 2_000;

  /** Requests at once; each asks the map of the cluster, and strangers may ask for anything. */
  private static final int MAX_REQUESTS = 8;

  private final Vertx vertx;
  private int requests;

  public ModuleExchange(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Answers the other nodes that ask for a module. */
  public void offer(String path, Buffer module) {
    vertx.eventBus().consumer(NodeAddresses.MODULE + path, asked -> asked.reply(module));
  }

  /** Asks the other nodes for a module; null if none has it, or too many are asked for. */
  public Future<Buffer> find(String path) {
    if (requests >= MAX_REQUESTS) {
      return Future.succeededFuture();
    }
    requests++;
    return vertx
        .eventBus()
        .<Buffer>request(
            NodeAddresses.MODULE + path, null, new DeliveryOptions().setSendTimeout(TIMEOUT))
        .map(reply -> reply.body())
        .otherwiseEmpty()
        .onComplete(done -> requests--);
  }
}
