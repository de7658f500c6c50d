package dev.canvas.data.cache;

import dev.canvas.data.connection.Link;
import dev.canvas.data.store.Generation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.function.Consumer;

/**
 * A connection to Redis that hears of changes. Nothing else is sent on it: in this client a message
 * that comes while a command waits is taken for its reply.
 */
final class SubscriptionLink implements Link<SubscriptionSession> {

  private final Redis client;
  private final Future<SubscriptionSession> ready;

  /**
   * @param catalogue whose changes are heard; null where it is not known
   * @param heard gets each message
   * @param onEnd run when the server ends the connection
   */
  SubscriptionLink(
      Vertx vertx, String uri, Generation catalogue, Consumer<String> heard, Runnable onEnd) {
    client = RedisLink.client(vertx, uri);
    ready =
        catalogue == null
            ? Future.failedFuture("the catalogue is not known")
            : client
                .connect()
                .compose(connection -> subscribe(connection, catalogue, heard, onEnd));
  }

  private static Future<SubscriptionSession> subscribe(
      RedisConnection connection, Generation catalogue, Consumer<String> heard, Runnable onEnd) {
    connection.endHandler(end -> onEnd.run());
    connection.exceptionHandler(failure -> onEnd.run());
    connection.handler(message -> hand(message, heard));
    return RedisLink.run(connection)
        .map(catalogue::space)
        .compose(
            space ->
                connection
                    .send(Request.cmd(Command.SUBSCRIBE).arg(RedisSession.channel(space)))
                    .map(new SubscriptionSession(space)));
  }

  private static void hand(Response message, Consumer<String> heard) {
    if (message.size() == 3 && "message".equals(message.get(0).toString())) {
      heard.accept(message.get(2).toString());
    }
  }

  @Override
  public Future<SubscriptionSession> ready() {
    return ready;
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public boolean isFatal(Throwable failure) {
    return true;
  }
}
