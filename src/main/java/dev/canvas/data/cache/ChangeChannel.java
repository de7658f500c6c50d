package dev.canvas.data.cache;

import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Outbox;
import dev.canvas.media.ProductId;
import dev.canvas.redis.RedisSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Tells the changes that a relay has relayed to all nodes of the store, through Redis, and hears
 * what others tell. The working relay tells in the one Redis that the store names, so a node hears
 * everything while its pings through that Redis come back. Belongs to one event loop. See {@code
 * docs/adr/0037-changes-for-every-node.md}.
 */
public final class ChangeChannel {

  /** How long a ping may take before the connection counts as lost. */
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private static final String PING = "ping:";
  private static final String DELETED = "delete";

  /**
   * An unbroken time of hearing. Equal while it lasts.
   *
   * @param connection counts the connections
   * @param generation under which the same Redis has been trusted all the time
   */
  public record Hearing(long connection, long generation) {}

  private final RedisCache publisher;
  private final CacheTrust trust;
  private final Consumer<Outbox.Message> listener;
  private final HeldConnection<String> subscription;
  private final String ownPing = PING + UUID.randomUUID() + ":";
  private Promise<Void> pingReturned = Promise.promise();
  private long pings;
  private long connections;

  /**
   * @param outages of Redis, shared by the connections of the process
   * @param publisher reaches the Redis in which the relay of this process would tell changes
   * @param trust names the Redis in which the working relay tells them
   * @param listener receives each change that is told, also those of this process
   */
  public ChangeChannel(
      Context context,
      RedisSettings redis,
      OutageLog outages,
      RedisCache publisher,
      CacheTrust trust,
      Consumer<Outbox.Message> listener) {
    this.publisher = publisher;
    this.trust = trust;
    this.listener = listener;
    this.subscription =
        new HeldConnection<>(
            context,
            outages,
            "Redis (events)",
            DEADLINE,
            onEnd -> {
              connections++;
              return new SubscriptionLink(
                  context.owner(),
                  redis,
                  trust.generation(),
                  Generation::changesChannel,
                  UnaryOperator.identity(),
                  this::onMessage,
                  onEnd);
            });
  }

  /** Connects. A failure is not final: the attempts continue. */
  public Future<Void> connect() {
    return subscription.connect();
  }

  /** Tells changes, as one message; completes when Redis has passed them on. */
  public Future<Void> tell(Collection<Outbox.Message> changes) {
    return publisher.tell(
        changes.stream().map(ChangeChannel::text).collect(Collectors.joining(" ")));
  }

  /**
   * Proves that everything is heard which was told before this call; fails if it is not certain.
   * While the results are equal, nothing has been missed between them.
   */
  public Future<Hearing> prove() {
    long connection = connections;
    pingReturned = Promise.promise();
    Future<Void> returned = pingReturned.future();
    return subscription
        .call(channel -> Future.all(publisher.tell(ownPing + ++pings), returned))
        // Asked afterwards: a Redis that is given up is never trusted again in its generation.
        .compose(heard -> trust.generation())
        .compose(
            generation ->
                isToldHere(generation)
                    ? Future.succeededFuture(new Hearing(connection, generation.number()))
                    : Future.failedFuture("the relay tells changes in another Redis, or in none"));
  }

  private boolean isToldHere(Generation generation) {
    String server = publisher.server();
    return server != null && generation.hasRedis() && generation.trusts(server);
  }

  /** Closes the connection. */
  public void close() {
    subscription.close();
  }

  private void onMessage(String message) {
    if (message.equals(ownPing + pings)) {
      pingReturned.tryComplete();
    } else if (!message.startsWith(PING)) {
      for (String change : message.split(" ", -1)) {
        listener.accept(change(change));
      }
    }
  }

  private static String text(Outbox.Message change) {
    return change.productId() + ":" + change.version() + ":" + (change.deleted() ? DELETED : "put");
  }

  private static Outbox.Message change(String text) {
    String[] parts = text.split(":", -1);
    return new Outbox.Message(
        0, ProductId.parse(parts[0]), Long.parseLong(parts[1]), parts[2].equals(DELETED));
  }
}
