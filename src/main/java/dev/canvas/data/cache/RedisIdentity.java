package dev.canvas.data.cache;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/**
 * Tells the data of a Redis server from those of all others, and from those that the same server
 * had before it was restarted or was a replica meanwhile. Immutable.
 *
 * @param run changes when the server is started
 * @param replication changes when it is promoted
 * @param id both, as the store records them
 */
record RedisIdentity(String run, String replication, String id) {

  RedisIdentity(String run, String replication) {
    this(run, replication, run + ":" + replication);
  }

  /** The server is a replica, or was one: what it holds was not repaired. Has no stack trace. */
  static final class NotThatMasterException extends RuntimeException {
    NotThatMasterException(String message) {
      super(message, null, false, false);
    }
  }

  /** Reads the identity of a server; fails if it is not a master. */
  static Future<RedisIdentity> of(RedisConnection connection) {
    Future<String> run = run(connection);
    Future<String> replication = replication(connection);
    return Future.all(run, replication)
        .map(both -> new RedisIdentity(run.result(), replication.result()));
  }

  /** Fails if the server is no master now, or has been promoted since its identity was read. */
  Future<Void> confirm(RedisConnection connection) {
    return replication(connection)
        .compose(
            now ->
                now.equals(replication)
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new NotThatMasterException("the server's replication id has changed")));
  }

  /** The run id of a server. */
  static Future<String> run(RedisConnection connection) {
    return info(connection, "server")
        .map(
            info -> {
              String run = field(info, "run_id");
              if (run.isEmpty()) {
                throw new IllegalStateException("the answer to INFO server has no run_id");
              }
              return run;
            });
  }

  private static Future<String> replication(RedisConnection connection) {
    return info(connection, "replication")
        .compose(
            info ->
                field(info, "role").equals("master")
                    ? Future.succeededFuture(field(info, "master_replid"))
                    : Future.failedFuture(new NotThatMasterException("the server is a replica")));
  }

  private static Future<Response> info(RedisConnection connection, String section) {
    return connection.send(Request.cmd(Command.INFO).arg(section));
  }

  private static String field(Response info, String name) {
    return info.toString()
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }
}
