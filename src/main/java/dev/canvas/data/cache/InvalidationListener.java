package dev.canvas.data.cache;

import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.Generation;
import dev.canvas.media.ProductId;
import dev.canvas.redis.RedisSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.UUID;

/**
 * Feeds the near cache with the invalidations that the scripts publish in Redis, and proves that
 * none is missing: a ping published by this process has to come back, and the catalogue must not
 * have been switched. After a switch it subscribes to the channel of the new generation. Belongs to
 * one event loop.
 */
public final class InvalidationListener {

  /** What the pings of every process begin with; all other messages are lists of product ids. */
  static final String PING = "ping:";

  /** How long a ping may take before the connection counts as lost. */
  private static final Duration DEADLINE = NearCache.VALIDITY;

  private final RedisCache publisher;
  private final NearCache near;
  private final HeldConnection<String> subscription;
  private final String ownPing = PING + UUID.randomUUID() + ":";
  private long pings;
  private Promise<Void> pingReturned = Promise.promise();

  /**
   * @param outages of Redis, shared by the connections of the process
   * @param publisher publishes the pings
   */
  public InvalidationListener(
      Context context,
      RedisSettings redis,
      OutageLog outages,
      RedisCache publisher,
      NearCache near) {
    this.publisher = publisher;
    this.near = near;
    this.subscription =
        new HeldConnection<>(
            context,
            outages,
            "Redis (changes)",
            DEADLINE,
            onEnd ->
                new SubscriptionLink(
                    context.owner(),
                    redis,
                    generation(),
                    Generation::keyPrefix,
                    RedisSession::channel,
                    this::onMessage,
                    () -> {
                      near.reset();
                      onEnd.run();
                    }));
  }

  /** Connects. A failure is not final: the attempts continue. */
  public Future<Void> connect() {
    return subscription.connect();
  }

  /**
   * Publishes a ping and waits for it to come back, which lets the near cache answer for a while.
   */
  public Future<Void> ping() {
    String keyPrefix = subscription.session();
    if (keyPrefix == null) {
      return Future.failedFuture(
          new HeldConnection.UnavailableException("not subscribed to changes", null));
    }
    long sent = System.nanoTime();
    pingReturned = Promise.promise();
    Future<Void> returned = pingReturned.future();
    Future<Void> published = publisher.publish(ownPing + ++pings);
    return subscription
        .call(subscribed -> Future.all(published, returned))
        .<Void>mapEmpty()
        .onSuccess(pong -> near.extend(keyPrefix, sent))
        .onFailure(lost -> near.reset());
  }

  /** Closes the connection and empties the near cache. */
  public void close() {
    subscription.close();
    near.reset();
  }

  private Future<Generation> generation() {
    Generation generation = publisher.generation();
    return generation == null
        ? Future.failedFuture(
            new HeldConnection.UnavailableException("the generation is not known yet", null))
        : Future.succeededFuture(generation);
  }

  private void onMessage(String message) {
    if (message.equals(ownPing + pings)) {
      pingReturned.tryComplete();
    } else if (!message.startsWith(PING)) {
      for (String id : message.split(" ", -1)) {
        near.invalidate(ProductId.parse(id));
      }
    }
  }
}
