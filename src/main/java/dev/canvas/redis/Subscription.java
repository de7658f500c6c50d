package dev.canvas.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.function.Consumer;

/**
 * Subscribes a connection to a channel. The client takes {@code SUBSCRIBE} for done once it is
 * sent; the server's answer, which may be that the user has no right to the channel, arrives like a
 * message.
 */
public final class Subscription {

  private Subscription() {}

  /**
   * Completes when the server has confirmed the subscription, or fails with its refusal. Nothing
   * else may be sent on the connection afterwards.
   *
   * @param command {@code SUBSCRIBE} or {@code PSUBSCRIBE}
   * @param channel or pattern
   * @param onMessage receives each message, as an array
   */
  public static Future<Void> of(
      RedisConnection connection, Command command, String channel, Consumer<Response> onMessage) {
    Promise<Void> confirmed = Promise.promise();
    connection.handler(
        message -> {
          if (message instanceof ErrorType refusal) {
            confirmed.tryFail(refusal);
          } else if (message.type() == ResponseType.MULTI && message.size() > 0) {
            if (message.get(0).toString().endsWith("subscribe")) {
              confirmed.tryComplete();
            } else {
              onMessage.accept(message);
            }
          }
        });
    return connection.send(Request.cmd(command).arg(channel)).compose(sent -> confirmed.future());
  }
}
