package dev.canvas.data;

import dev.canvas.media.ProductId;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Map;

/**
 * A connection to Redis that commands may be sent to. Immutable.
 *
 * @param connection pipelines what it is sent
 * @param run of the server that was reached: another run may have come back from an old snapshot,
 *     so its keys are not ours
 * @param catalogue whose media are kept in that space
 * @param marker the key that says whether that catalogue's generation may still be read
 * @param space {@code canvas:<run>:<generation>}
 * @param scripts the hashes of the loaded scripts
 */
record RedisSession(
    RedisConnection connection,
    String run,
    Catalogue catalogue,
    String marker,
    String space,
    Map<Script, String> scripts) {

  /** The catalogue was swapped, or is about to be: what is kept here is no longer to be read. */
  static final class SwappedException extends RuntimeException {
    SwappedException() {
      super("the catalogue is swapped", null, false, false);
    }
  }

  RedisSession(
      RedisConnection connection, String run, Catalogue catalogue, Map<Script, String> scripts) {
    this(connection, run, catalogue, catalogue.marker(run), catalogue.space(run), scripts);
  }

  /** Whether the marker's value lets what is kept here be read. */
  boolean isCurrent(Response markerValue) {
    return markerValue != null
        && markerValue.toString().equals(Long.toString(catalogue.generation()));
  }

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

  /** A pattern of these channels of all generations at a run of the server. */
  static String channels(String run) {
    return "canvas:" + run + ":*:changed";
  }

  /** A call of a script on so many keys, which are to follow. */
  Request call(Script script, int keys) {
    return Request.cmd(Command.EVALSHA).arg(scripts.get(script)).arg(keys + 1).arg(marker);
  }
}
