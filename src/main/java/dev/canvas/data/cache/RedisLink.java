package dev.canvas.data.cache;

import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.Link;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Store;
import dev.canvas.redis.RedisClient;
import dev.canvas.redis.RedisFailure;
import dev.canvas.redis.RedisRights;
import dev.canvas.redis.RedisSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A connection to Redis: reads the server's identity, loads the scripts, learns the generation and
 * whether this Redis may be trusted, and repairs the cache before it is used. Each connection has a
 * client of its own, so that closing it closes the socket even if the server no longer reads
 * ({@code docs/adr/0002-one-client-per-held-connection.md}).
 */
final class RedisLink implements Link<RedisSession> {

  /**
   * Errors that a new connection resolves, or for which it has to wait: the scripts are gone, the
   * server is a replica, a cluster, or still loading its data, the catalogue was switched, or the
   * user has lost its rights.
   */
  private static final Set<String> FATAL =
      Set.of(
          "NOSCRIPT",
          "READONLY",
          "LOADING",
          "MASTERDOWN",
          "SWAPPED",
          "NOPERM",
          "NOAUTH",
          "WRONGPASS",
          "MOVED",
          "CROSSSLOT",
          "CLUSTERDOWN");

  /**
   * Sets the marker unless it names a later generation. It does so even if nothing changes, so that
   * it fails if the server accepts no writes.
   */
  private static final String ENTER =
      """
      local current = redis.call('GET', KEYS[1])
      local known = tonumber(current or '')
      if known and known > tonumber(ARGV[1]) then
        return redis.error_reply('SWAPPED ' .. current)
      end
      redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
      return 'OK'
      """;

  private final RedisClient client;
  private final Future<RedisSession> ready;

  /**
   * @param store provides the generation
   * @param scripts the texts of the scripts
   * @param trusted learns which Redis may be trusted, and only that one is connected to; null for
   *     the relay, which decides that
   * @param repair removes outdated values before the connection is used
   * @param onEnd runs when the server closes the connection
   */
  RedisLink(
      Vertx vertx,
      RedisSettings redis,
      Store store,
      Function<Script, String> scripts,
      TrustedRedis trusted,
      Function<RedisSession, Future<Void>> repair,
      Runnable onEnd) {
    client = new RedisClient(vertx, redis);
    ready =
        client
            .connect()
            .compose(connection -> prepare(connection, store, scripts, trusted, onEnd))
            .compose(session -> repair.apply(session).map(session));
  }

  private static Future<RedisSession> prepare(
      RedisConnection connection,
      Store store,
      Function<Script, String> scripts,
      TrustedRedis trusted,
      Runnable onEnd) {
    connection.endHandler(end -> onEnd.run());
    connection.exceptionHandler(failure -> onEnd.run());
    Future<RedisIdentity> server = RedisIdentity.of(connection);
    Future<Void> rights = RedisRights.check(connection);
    Map<Script, Future<Response>> loads = new EnumMap<>(Script.class);
    for (Script script : Script.values()) {
      loads.put(
          script,
          connection.send(
              Request.cmd(Command.SCRIPT).arg("LOAD").arg(Script.GUARD + scripts.apply(script))));
    }
    return Future.all(List.copyOf(loads.values()))
        .compose(loaded -> server)
        .compose(known -> rights.map(known))
        .compose(known -> enter(connection, known, store, trusted))
        .map(
            generation -> {
              Map<Script, String> hashes = new EnumMap<>(Script.class);
              loads.forEach((script, load) -> hashes.put(script, load.result().toString()));
              return new RedisSession(connection, server.result(), generation, hashes);
            });
  }

  /**
   * Sets the marker to the generation in the store. The generation is held meanwhile, so that the
   * value that a switch has set is never overwritten.
   */
  private static Future<Generation> enter(
      RedisConnection connection, RedisIdentity server, Store store, TrustedRedis trusted) {
    long askedNanos = System.nanoTime();
    return store
        .holdGeneration()
        .compose(
            generation ->
                checkTrust(generation, server, trusted, askedNanos)
                    .compose(allowed -> setMarker(connection, server, generation))
                    .onFailure(failure -> learn(failure, store))
                    .transform(
                        (entered, failure) ->
                            store
                                .releaseGeneration()
                                .compose(
                                    released ->
                                        failure == null
                                            ? Future.succeededFuture(generation)
                                            : Future.failedFuture(failure))));
  }

  /** The marker names a generation that the store has had, or has by now. */
  private static void learn(Throwable failure, Store store) {
    if (failure instanceof ErrorType answer && answer.is("SWAPPED")) {
      store.expect(Long.parseLong(answer.getMessage().replaceFirst("\\D+", "")));
    }
  }

  /**
   * Sets the marker of a session again, which was lost; fails if the store has another generation
   * or trusts another Redis now.
   */
  static Future<Void> mark(RedisSession session, Store store, TrustedRedis trusted) {
    return enter(session.connection(), session.server(), store, trusted)
        .compose(
            generation ->
                generation.number() == session.generation().number()
                    ? Future.succeededFuture()
                    : Future.failedFuture(new RedisSession.SwitchedException()));
  }

  /** Notes if a server has refused a command, though its connection is as good as any. */
  static void noteRefusal(HeldConnection<RedisSession> redis, Throwable failure) {
    if (failure instanceof ErrorType answer && !isFatal(answer) && !isUnmarked(failure)) {
      redis.refused(failure);
    }
  }

  /** Whether a command has failed only because the marker is lost. */
  static boolean isUnmarked(Throwable failure) {
    return failure instanceof RedisSession.UnmarkedException
        || (failure instanceof ErrorType answer && answer.is("UNMARKED"));
  }

  private static Future<Void> checkTrust(
      Generation generation, RedisIdentity server, TrustedRedis trusted, long askedNanos) {
    if (trusted == null) {
      return Future.succeededFuture();
    }
    trusted.answered(generation, askedNanos);
    return generation.trusts(server.id())
        ? Future.succeededFuture()
        : Future.failedFuture("it is not the Redis that the relay repairs, or not yet");
  }

  private static Future<Response> setMarker(
      RedisConnection connection, RedisIdentity server, Generation generation) {
    return connection.send(
        Request.cmd(Command.EVAL)
            .arg(ENTER)
            .arg(1)
            .arg(generation.markerKey(server.run()))
            .arg(generation.number())
            .arg(GenerationMarker.LIFE.toMillis()));
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
    return failure instanceof ErrorType answer ? isFatal(answer) : !isUnmarked(failure);
  }

  private static boolean isFatal(ErrorType answer) {
    return FATAL.stream().anyMatch(answer::is) || answer.is("CONNECTION_CLOSED");
  }

  @Override
  public String explain(Throwable failure) {
    return RedisFailure.told(failure);
  }

  /** A fence, a lease or a value belongs to its token, whichever connection set it. */
  @Override
  public boolean isStateless() {
    return true;
  }
}
