package dev.canvas.data;

import dev.canvas.media.ProductId;
import io.vertx.redis.client.RedisConnection;

/**
 * A connection to Redis that commands may be sent to. Immutable.
 *
 * @param connection pipelines what it is sent
 * @param keyPrefix {@code canvas:<run>:<generation>:m:}, with the run of the server that was
 *     reached: another run may have come back from an old snapshot, so its keys are not ours
 * @param leaseScript the hash of the loaded lease script
 * @param fillScript the hash of the loaded fill script
 */
record RedisSession(
    RedisConnection connection, String keyPrefix, String leaseScript, String fillScript) {

  String key(ProductId productId) {
    return keyPrefix + productId;
  }
}
