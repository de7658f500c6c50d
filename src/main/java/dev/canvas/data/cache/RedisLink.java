package dev.canvas.data.cache;

import dev.canvas.data.connection.Link;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A connection to Redis: asks for the server's run id, loads the scripts, and has what is there
 * repaired. The client is made for this one connection, so that closing it closes the socket even
 * when the server no longer reads.
 *
 * <p>RESP2, as a push message of RESP3 shifts the replies of pipelined commands in this client.
 */
final class RedisLink implements Link<RedisSession> {

  /**
   * Answers that a new connection can mend: scripts gone, a replica reached, data not there yet.
   */
  private static final Set<String> FATAL =
      Set.of("NOSCRIPT", "READONLY", "LOADING", "MASTERDOWN", "SWAPPED");

  private final Redis client;
  private final Future<RedisSession> ready;

  /**
   * @param store knows which catalogue it is
   * @param scripts the texts of the scripts
   * @param repair brings what is there up to date before anybody reads it
   * @param onEnd run when the server ends the connection
   */
  RedisLink(
      Vertx vertx,
      String uri,
      Store store,
      Function<Script, String> scripts,
      Function<RedisSession, Future<Void>> repair,
      Runnable onEnd) {
    client = client(vertx, uri);
    ready =
        client
            .connect()
            .compose(connection -> prepare(connection, store, scripts, onEnd))
            .compose(session -> repair.apply(session).map(session));
  }

  /** A client for one connection alone. */
  static Redis client(Vertx vertx, String uri) {
    return Redis.createClient(
        vertx,
        new RedisOptions()
            .setConnectionString(uri)
            .setPreferredProtocolVersion(ProtocolVersion.RESP2)
            .setMaxPoolSize(1)
            .setPoolCleanerInterval(-1)
            .setPoolRecycleTimeout(-1)
            .setNetClientOptions(new NetClientOptions().setTcpNoDelay(true)));
  }

  /** Which run of the server was reached. */
  static Future<String> run(RedisConnection connection) {
    return connection.send(Request.cmd(Command.INFO).arg("server")).map(RedisLink::runId);
  }

  private static Future<RedisSession> prepare(
      RedisConnection connection, Store store, Function<Script, String> scripts, Runnable onEnd) {
    connection.endHandler(end -> onEnd.run());
    connection.exceptionHandler(failure -> onEnd.run());
    Future<String> run = run(connection);
    Map<Script, Future<Response>> loads = new EnumMap<>(Script.class);
    for (Script script : Script.values()) {
      loads.put(
          script,
          connection.send(
              Request.cmd(Command.SCRIPT)
                  .arg("LOAD")
                  .arg(GenerationMarker.GUARD + scripts.apply(script))));
    }
    return Future.all(List.copyOf(loads.values()))
        .compose(loaded -> run)
        .compose(known -> enter(connection, known, store))
        .map(
            catalogue -> {
              Map<Script, String> hashes = new EnumMap<>(Script.class);
              loads.forEach((script, load) -> hashes.put(script, load.result().toString()));
              return new RedisSession(connection, run.result(), catalogue, hashes);
            });
  }

  /** No swap is under way while the marker is set, so that a swap's own word is never undone. */
  private static Future<Generation> enter(RedisConnection connection, String run, Store store) {
    return store
        .holdCatalogue()
        .compose(
            catalogue ->
                connection
                    .send(
                        Request.cmd(Command.EVAL)
                            .arg(GenerationMarker.ENTER)
                            .arg(1)
                            .arg(catalogue.marker(run))
                            .arg(catalogue.generation()))
                    .transform(
                        (entered, failure) ->
                            store
                                .releaseCatalogue()
                                .compose(
                                    released ->
                                        failure == null
                                            ? Future.succeededFuture(catalogue)
                                            : Future.failedFuture(failure))));
  }

  @Override
  public Future<RedisSession> ready() {
    return ready;
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public boolean isFatal(Throwable failure) {
    if (failure instanceof ErrorType answer) {
      return FATAL.stream().anyMatch(answer::is) || answer.is("CONNECTION_CLOSED");
    }
    return true;
  }

  private static String runId(Response info) {
    return info.toString()
        .lines()
        .filter(line -> line.startsWith("run_id:"))
        .map(line -> line.substring("run_id:".length()).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("INFO server tells no run_id"));
  }
}
