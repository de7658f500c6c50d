package dev.canvas.data.cache;

import dev.canvas.data.connection.Link;
import dev.canvas.data.store.Generation;
import dev.canvas.redis.RedisClient;
import dev.canvas.redis.RedisFailure;
import dev.canvas.redis.RedisSettings;
import dev.canvas.redis.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A subscription to one channel of Redis. Nothing else is sent on this connection, because the
 * client takes a message that arrives while a command waits for the command's reply. Belongs to one
 * event loop.
 */
final class SubscriptionLink implements Link<String> {

  private final RedisClient client;
  private final Future<String> ready;

  /**
   * @param generation that is current
   * @param session what the connection stands for, from the generation and the run of the server
   * @param channel the channel of a session
   * @param onMessage receives each message
   * @param onEnd runs when the server closes the connection
   */
  SubscriptionLink(
      Vertx vertx,
      RedisSettings redis,
      Future<Generation> generation,
      BiFunction<Generation, String, String> session,
      UnaryOperator<String> channel,
      Consumer<String> onMessage,
      Runnable onEnd) {
    client = new RedisClient(vertx, redis);
    ready =
        generation.compose(
            current ->
                client
                    .connect()
                    .compose(
                        connection -> {
                          connection.endHandler(end -> onEnd.run());
                          connection.exceptionHandler(failure -> onEnd.run());
                          return RedisIdentity.run(connection)
                              .map(run -> session.apply(current, run))
                              .compose(
                                  opened ->
                                      Subscription.of(
                                              connection,
                                              Command.SUBSCRIBE,
                                              channel.apply(opened),
                                              message -> deliver(message, onMessage))
                                          .map(opened));
                        }));
  }

  private static void deliver(Response message, Consumer<String> onMessage) {
    if (message.size() == 3 && "message".equals(message.get(0).toString())) {
      onMessage.accept(message.get(2).toString());
    }
  }

  @Override
  public Future<String> ready() {
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

  @Override
  public String explain(Throwable failure) {
    return RedisFailure.told(failure);
  }
}
