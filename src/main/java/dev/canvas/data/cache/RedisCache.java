package dev.canvas.data.cache;

import dev.canvas.data.connection.Heartbeat;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.connection.TickBatcher;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
import dev.canvas.loop.LoopTimer;
import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntBiFunction;

/**
 * The cache in Redis, under the keys {@code canvas:<run id>:<generation>:m:<product id>}. Losing
 * any key at any time is safe. The reads, the leases and the fills of one event-loop tick are one
 * command each. While the catalogue is being switched, or has been since the connection was made
 * ({@link GenerationMarker}), commands fail, and the next connection learns the new generation.
 */
public final class RedisCache implements Cache {

  /** How long a lease stands: well beyond the deadline of the select that it is taken for. */
  private static final Duration LEASE_LIFE = Duration.ofSeconds(2);

  /** How often a connection is compared with what the store has named. */
  private static final long CHECK_MS = 100;

  /** How many checks later the server is asked whether it is the same master, and stores again. */
  private static final int CHECKS_PER_SERVER = 3;

  /** This Redis may not be read or trusted with a write any more. Has no stack trace. */
  static final class NotTrustedException extends RuntimeException {
    NotTrustedException(String message) {
      super(message, null, false, false);
    }
  }

  private final HeldConnection<RedisSession> redis;
  private final TrustedRedis trusted;
  private final Store store;
  private int checks;
  private boolean marking;
  private final long ttlMs;
  private final long absentTtlMs;
  private final TickBatcher<ProductId, Entry> reads;
  private final TickBatcher<RedisSession.LeaseRequest, Entry> leases;
  private final TickBatcher<RedisSession.FillRequest, Boolean> fills;

  /**
   * @param outages of Redis, shared by the connections of the process
   * @param store provides the generation, and the changes to repair before a connection is trusted
   * @param scripts the texts of the scripts
   * @param trusted the one Redis that is used
   */
  public RedisCache(
      Context context,
      CacheSettings settings,
      OutageLog outages,
      Store store,
      Function<Script, String> scripts,
      TrustedRedis trusted) {
    this(context, settings, outages, store, scripts, trusted, store::unrelayed);
  }

  private RedisCache(
      Context context,
      CacheSettings settings,
      OutageLog outages,
      Store store,
      Function<Script, String> scripts,
      TrustedRedis trusted,
      Supplier<Future<List<CommittedVersion>>> unrelayed) {
    this.trusted = trusted;
    this.store = store;
    this.redis =
        new HeldConnection<>(
            context,
            outages,
            "Redis",
            settings.redisTimeout(),
            onEnd ->
                new RedisLink(
                    context.owner(),
                    settings.redis(),
                    store,
                    scripts,
                    trusted,
                    session -> unrelayed.get().compose(session::repair),
                    onEnd));
    Heartbeat.start(context, redis, RedisSession::ping);
    LoopTimer.every(context.owner(), CHECK_MS, this::check);
    LoopTimer.every(context.owner(), GenerationMarker.RENEWAL.toMillis(), this::renewMarker);
    this.ttlMs = settings.ttl().toMillis();
    this.absentTtlMs = settings.absentTtl().toMillis();
    this.reads = batcher(context, RedisSession::read, (id, entry) -> entry.length());
    this.leases =
        batcher(
            context,
            (session, requests) -> session.lease(requests, LEASE_LIFE.toMillis()),
            (request, entry) -> entry.length());
    this.fills =
        batcher(
            context,
            (session, requests) -> session.fill(requests, this::lifeMs),
            (request, filled) -> request.row().length());
  }

  /**
   * The cache of a relay, which never reads. Its connection is usable without a repair first, so
   * that the relay can work off a backlog that is too long for the other connections to repair; and
   * whichever Redis it leads to, because the relay decides which one is trusted.
   *
   * @param outages of Redis, shared by the connections of the process
   * @param scripts the texts of the scripts
   */
  public static RedisCache ofRelay(
      Context context,
      CacheSettings settings,
      OutageLog outages,
      Store store,
      Function<Script, String> scripts) {
    return new RedisCache(
        context, settings, outages, store, scripts, null, () -> Future.succeededFuture(List.of()));
  }

  @Override
  public Future<Void> connect() {
    return redis.connect();
  }

  @Override
  public boolean isUp() {
    return redis.isUp() && covered() != null;
  }

  @Override
  public Future<Entry> read(ProductId productId) {
    return reads.load(productId);
  }

  @Override
  public Future<Entry> lease(ProductId productId, String token) {
    return leases.load(new RedisSession.LeaseRequest(productId, token));
  }

  @Override
  public Future<Boolean> fill(Row row, String token) {
    return fills.load(new RedisSession.FillRequest(row, token));
  }

  @Override
  public Future<Set<ProductId>> fence(List<ProductId> productIds, String token) {
    return trusted(session -> session.fence(productIds, token, FENCE_LIFE.toMillis()));
  }

  @Override
  public Future<Void> install(Collection<Installation> installations, String token) {
    return trusted(session -> session.install(installations, token, this::lifeMs));
  }

  @Override
  public Future<Void> repair(List<CommittedVersion> changes) {
    return trusted(session -> session.repair(changes));
  }

  /** Publishes on the channel of changes; fails if this generation may no longer be read. */
  Future<Void> publish(String message) {
    return call(session -> session.publish(message));
  }

  /** Publishes a message for all nodes of the store. */
  Future<Void> tell(String message) {
    return redis.call(session -> session.tell(message));
  }

  @Override
  public boolean isRefused() {
    return redis.isRefused();
  }

  /** The generation whose keys are in use; null while Redis is unreachable. */
  Generation generation() {
    RedisSession session = covered();
    return session == null ? null : session.generation();
  }

  /** The id of the server, as the store records it; null while it is unreachable. */
  String server() {
    RedisSession session = covered();
    return session == null ? null : session.server().id();
  }

  /** Connects again, to learn what has changed. */
  void renew(String reason) {
    redis.call(session -> Future.failedFuture(new NotTrustedException(reason)));
  }

  /** The same on purpose: the caller logs why. */
  void beginAnew(String reason) {
    redis.renew(reason);
  }

  @Override
  public String keyPrefix() {
    RedisSession session = covered();
    return session == null ? null : session.keyPrefix();
  }

  @Override
  public void close() {
    redis.close();
  }

  /** The connection, if its Redis may be trusted now. */
  private RedisSession covered() {
    RedisSession session = redis.session();
    return session == null || covers(session) ? session : null;
  }

  private boolean covers(RedisSession session) {
    return trusted == null || trusted.covers(session.generation().number(), session.server().id());
  }

  /** Sends a command whose answer counts only if this Redis may still be trusted then. */
  private <T> Future<T> trusted(Function<RedisSession, Future<T>> command) {
    RedisSession session = redis.session();
    return call(command)
        .compose(
            answer ->
                covers(session)
                    ? Future.succeededFuture(answer)
                    : Future.failedFuture(new NotTrustedException("Redis is not trusted now")));
  }

  /** Sends a command. One that finds no marker fails, and has it set again. */
  private <T> Future<T> call(Function<RedisSession, Future<T>> command) {
    RedisSession session = redis.session();
    return redis
        .call(command)
        .recover(
            failure -> {
              RedisLink.noteRefusal(redis, failure);
              if (!RedisLink.isUnmarked(failure)) {
                return Future.failedFuture(failure);
              }
              mark(session);
              return Future.failedFuture(
                  new HeldConnection.UnavailableException(failure.getMessage(), failure));
            });
  }

  /** The marker was evicted: nothing else has changed, so the connection stays. */
  private void mark(RedisSession session) {
    if (!marking && session.equals(redis.session())) {
      marking = true;
      RedisLink.mark(session, store, trusted)
          .onFailure(failure -> renew("the marker of its generation is lost"))
          .onComplete(done -> marking = false);
    }
  }

  /** Lets the marker of the generation live on; completes when it does. */
  Future<Void> renewMarker() {
    return redis.call(RedisSession::renewMarker);
  }

  private void check() {
    RedisSession session = redis.session();
    if (session == null) {
      return;
    }
    if (trusted != null && trusted.excludes(session.generation().number(), session.server().id())) {
      renew("the store has named another Redis or generation");
    } else if (++checks % CHECKS_PER_SERVER == 0) {
      redis.call(RedisSession::confirmServer);
      redis.retry(RedisSession::tryToStore);
    }
  }

  private <K, V> TickBatcher<K, V> batcher(
      Context context,
      BiFunction<RedisSession, List<K>, Future<List<V>>> command,
      ToIntBiFunction<K, V> bytes) {
    return new TickBatcher<>(
        context,
        RedisSession.MAX_KEYS,
        keys -> call(session -> command.apply(session, keys)),
        bytes);
  }

  private long lifeMs(Row row) {
    return row.media().isPresent() ? ttlMs : absentTtlMs;
  }
}
