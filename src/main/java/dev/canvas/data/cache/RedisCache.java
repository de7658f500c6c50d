package dev.canvas.data.cache;

import dev.canvas.data.DataSettings;
import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.connection.TickBatcher;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.PendingChange;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.Store;
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

/**
 * The cache in Redis, under the keys {@code canvas:<run>:<generation>:m:<id>}. Losing any key at
 * any time is safe. The reads of a tick go out as one command, as do its leases and its fills.
 * While the catalogue is swapped, or was swapped since the connection was made ({@link
 * GenerationMarker}), commands fail, and a new connection learns the new generation.
 */
public final class RedisCache implements Cache {

  /** How long a lease may stand: well beyond the deadline of the select that it is taken for. */
  private static final Duration LEASE_LIFE = Duration.ofSeconds(2);

  private final HeldConnection<RedisSession> redis;
  private final long ttlMs;
  private final long absentTtlMs;
  private final TickBatcher<ProductId, Entry> reads;
  private final TickBatcher<RedisSession.LeaseRequest, Entry> leases;
  private final TickBatcher<RedisSession.FillRequest, Boolean> fills;

  /**
   * @param store knows the catalogue's generation, and what has to be repaired before a connection
   *     is trusted
   */
  public RedisCache(Context context, DataSettings settings, Store store) {
    this(context, settings, store, Script::source);
  }

  /**
   * @param scripts the texts of the scripts
   */
  public RedisCache(
      Context context, DataSettings settings, Store store, Function<Script, String> scripts) {
    this(context, settings, store, scripts, store::pending);
  }

  private RedisCache(
      Context context,
      DataSettings settings,
      Store store,
      Function<Script, String> scripts,
      Supplier<Future<List<PendingChange>>> unrepaired) {
    this.redis =
        new HeldConnection<>(
            context,
            "Redis",
            settings.redisTimeout(),
            onEnd ->
                new RedisLink(
                    context.owner(),
                    settings.redisUri(),
                    store,
                    scripts,
                    session -> unrepaired.get().compose(session::repair),
                    onEnd));
    this.ttlMs = settings.ttl().toMillis();
    this.absentTtlMs = settings.absentTtl().toMillis();
    this.reads = batcher(context, RedisSession::read);
    this.leases = batcher(context, (session, asked) -> session.lease(asked, LEASE_LIFE.toMillis()));
    this.fills = batcher(context, (session, rows) -> session.fill(rows, this::lifeMs));
  }

  /**
   * For a relay, which reads nothing: its connection has nothing repaired before it is used, so
   * that the relay also works off more than others would repair by themselves.
   *
   * @param scripts the texts of the scripts
   */
  public static RedisCache ofRelay(
      Context context, DataSettings settings, Store store, Function<Script, String> scripts) {
    return new RedisCache(
        context, settings, store, scripts, () -> Future.succeededFuture(List.of()));
  }

  @Override
  public Future<Void> connect() {
    return redis.connect();
  }

  @Override
  public boolean isUp() {
    return redis.isUp();
  }

  @Override
  public Future<Entry> read(ProductId productId) {
    return reads.ask(productId);
  }

  @Override
  public Future<Entry> lease(ProductId productId, String token) {
    return leases.ask(new RedisSession.LeaseRequest(productId, token));
  }

  @Override
  public Future<Boolean> fill(Row row, String token) {
    return fills.ask(new RedisSession.FillRequest(row, token));
  }

  @Override
  public Future<Set<ProductId>> fence(List<ProductId> productIds, String token) {
    return redis.call(session -> session.fence(productIds, token, FENCE_LIFE.toMillis()));
  }

  @Override
  public Future<Void> install(Collection<Installation> installations, String token) {
    return redis.call(session -> session.install(installations, token, this::lifeMs));
  }

  @Override
  public Future<Void> repair(List<PendingChange> changes) {
    return redis.call(session -> session.repair(changes));
  }

  /** Tells all who listen to this cache's changes; fails where it is no longer to be read. */
  Future<Void> publish(String message) {
    return redis.call(session -> session.publish(message));
  }

  /** The catalogue whose media are kept here; null while the cache is away. */
  Generation catalogue() {
    RedisSession session = redis.session();
    return session == null ? null : session.catalogue();
  }

  @Override
  public String space() {
    RedisSession session = redis.session();
    return session == null ? null : session.space();
  }

  @Override
  public void close() {
    redis.close();
  }

  private <K, V> TickBatcher<K, V> batcher(
      Context context, BiFunction<RedisSession, List<K>, Future<List<V>>> command) {
    return new TickBatcher<>(
        context,
        RedisSession.MAX_KEYS,
        keys -> redis.call(session -> command.apply(session, keys)));
  }

  private long lifeMs(Row row) {
    return row.media().isPresent() ? ttlMs : absentTtlMs;
  }
}
