package dev.canvas.data.cache;

import dev.canvas.data.DataSettings;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.UUID;

/**
 * Listens to what the write scripts tell of changes, for the near cache, and makes sure that it
 * hears: a message of its own goes through Redis and has to come back, and the catalogue must not
 * be swapped. After a swap it listens to the new one's changes. Belongs to one event loop.
 */
public final class Subscription {

  /** What the messages that processes send themselves begin with. */
  static final String PING = "ping:";

  /** How long a message may take before the connection counts as lost. */
  private static final Duration DEADLINE = NearCache.HEARING;

  private final RedisCache speaker;
  private final NearCache near;
  private final HeldConnection<SubscriptionSession> listener;
  private final String self = PING + UUID.randomUUID() + ":";
  private long pings;
  private Promise<Void> returned = Promise.promise();

  /**
   * @param speaker sends to the channel
   */
  public Subscription(Context context, DataSettings settings, RedisCache speaker, NearCache near) {
    this.speaker = speaker;
    this.near = near;
    this.listener =
        new HeldConnection<>(
            context,
            "Redis (changes)",
            DEADLINE,
            onEnd ->
                new SubscriptionLink(
                    context.owner(),
                    settings.redisUri(),
                    speaker.catalogue(),
                    this::heard,
                    () -> {
                      near.reset();
                      onEnd.run();
                    }));
  }

  public Future<Void> connect() {
    return listener.connect();
  }

  /** Sends a message and waits for it; while they come back the near cache may answer. */
  public Future<Void> ping() {
    SubscriptionSession session = listener.session();
    if (session == null) {
      return Future.failedFuture(new HeldConnection.AwayException("not subscribed", null));
    }
    long sent = System.nanoTime();
    returned = Promise.promise();
    Future<Void> back = returned.future();
    Future<Void> told = speaker.publish(self + ++pings);
    return listener
        .call(subscribed -> Future.all(told, back))
        .<Void>mapEmpty()
        .onSuccess(heard -> near.heard(session.space(), sent))
        .onFailure(deaf -> near.reset());
  }

  public void close() {
    listener.close();
    near.reset();
  }

  private void heard(String message) {
    if (message.equals(self + pings)) {
      returned.tryComplete();
    } else if (!message.startsWith(PING)) {
      for (String id : message.split(" ", -1)) {
        near.invalidate(ProductId.parse(id));
      }
    }
  }
}
