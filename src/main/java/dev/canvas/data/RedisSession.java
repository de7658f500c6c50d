package dev.canvas.data;

import dev.canvas.media.ProductId;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.Map;

/**
 * A connection to Redis that commands may be sent to. Immutable.
 *
 * @param connection pipelines what it is sent
 * @param space {@code canvas:<run>:<generation>}, with the run of the server that was reached:
 *     another run may have come back from an old snapshot, so its keys are not ours
 * @param scripts the hashes of the loaded scripts
 */
record RedisSession(RedisConnection connection, String space, Map<Script, String> scripts) {

  String key(ProductId productId) {
    return space + ":m:" + productId;
  }

  /** Where changed products are told, by their numbers. */
  String channel() {
    return channel(space);
  }

  /** The same, by the part of Redis. */
  static String channel(String space) {
    return space + ":changed";
  }

  /** A call of a script on so many keys, which are to follow. */
  Request call(Script script, int keys) {
    return Request.cmd(Command.EVALSHA).arg(scripts.get(script)).arg(keys);
  }
}
