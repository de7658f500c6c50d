package dev.canvas.data;

import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The cache in Redis, under the keys {@code canvas:<run>:<generation>:m:<id>}. Losing any key at
 * any time is safe. The reads of a tick go out as one command, as do its leases and its fills. Each
 * command looks at the {@link Marker} too: while the catalogue is swapped, or was swapped since the
 * connection was made, it fails, and a new connection learns the new generation.
 */
final class RedisCache implements Cache {

  /** How long a lease may stand: well beyond the deadline of the select that it is taken for. */
  private static final Duration LEASE_LIFE = Duration.ofSeconds(2);

  private static final int MAX_KEYS = 512;

  private record LeaseRequest(ProductId productId, String token) {}

  private record FillRequest(Row row, String token) {}

  private final HeldConnection<RedisSession> redis;
  private final long ttlMs;
  private final long absentTtlMs;
  private final TickBatcher<ProductId, Entry> reads;
  private final TickBatcher<LeaseRequest, Entry> leases;
  private final TickBatcher<FillRequest, Boolean> fills;

  /**
   * @param store knows the catalogue's generation, and what has to be repaired before a connection
   *     is trusted
   */
  RedisCache(Context context, DataSettings settings, Store store) {
    this(context, settings, store, Script::source);
  }

  /**
   * @param scripts the texts of the scripts
   */
  RedisCache(
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
                    session -> unrepaired.get().compose(changes -> repair(session, changes)),
                    onEnd));
    this.ttlMs = settings.ttl().toMillis();
    this.absentTtlMs = settings.absentTtl().toMillis();
    this.reads = new TickBatcher<>(context, MAX_KEYS, this::readAll);
    this.leases = new TickBatcher<>(context, MAX_KEYS, this::leaseAll);
    this.fills = new TickBatcher<>(context, MAX_KEYS, this::fillAll);
  }

  /**
   * For a relay, which reads nothing: its connection has nothing repaired before it is used, so
   * that the relay also works off more than others would repair by themselves.
   *
   * @param scripts the texts of the scripts
   */
  static RedisCache ofRelay(
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
    return leases.ask(new LeaseRequest(productId, token));
  }

  @Override
  public Future<Boolean> fill(Row row, String token) {
    return fills.ask(new FillRequest(row, token));
  }

  @Override
  public Future<Set<ProductId>> fence(List<ProductId> productIds, String token) {
    return redis.call(
        session -> {
          Request script = session.call(Script.FENCE, productIds.size());
          productIds.forEach(productId -> script.arg(session.key(productId)));
          script.arg(token).arg(FENCE_LIFE.toMillis()).arg(session.channel());
          return session.connection().send(script).map(wanted -> wanted(productIds, wanted));
        });
  }

  @Override
  public Future<Void> install(Collection<Installation> installations, String token) {
    return redis.call(
        session -> {
          Request script = session.call(Script.INSTALL, installations.size());
          installations.forEach(each -> script.arg(session.key(each.productId())));
          script.arg(token).arg(session.channel());
          for (Installation each : installations) {
            long version = each.written().map(Row::version).orElse(0L);
            if (each.wanted() && version > 0) {
              Row row = each.written().get();
              script.arg(version).arg(Entry.format(row)).arg(life(row));
            } else {
              script.arg(version).arg("").arg(0);
            }
          }
          return session.connection().send(script).mapEmpty();
        });
  }

  @Override
  public Future<Void> repair(List<PendingChange> changes) {
    return redis.call(session -> repair(session, changes));
  }

  /** Tells all who listen to this cache's changes; fails where it is no longer to be read. */
  Future<Void> publish(String message) {
    return redis.call(
        session -> {
          Future<Response> told =
              session
                  .connection()
                  .send(Request.cmd(Command.PUBLISH).arg(session.channel()).arg(message));
          Future<Response> marker =
              session.connection().send(Request.cmd(Command.GET).arg(session.marker()));
          return Future.all(told, marker)
              .compose(
                  both ->
                      session.isCurrent(marker.result())
                          ? Future.succeededFuture()
                          : Future.failedFuture(new RedisSession.SwappedException()));
        });
  }

  /** The catalogue whose media are kept here; null while the cache is away. */
  Catalogue catalogue() {
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

  private Future<List<Entry>> readAll(List<ProductId> productIds) {
    return redis.call(
        session -> {
          Request mget = Request.cmd(Command.MGET).arg(session.marker());
          productIds.forEach(productId -> mget.arg(session.key(productId)));
          return session
              .connection()
              .send(mget)
              .compose(
                  states ->
                      session.isCurrent(states.get(0))
                          ? Future.succeededFuture(entries(productIds, states, 1))
                          : Future.failedFuture(new RedisSession.SwappedException()));
        });
  }

  private Future<List<Entry>> leaseAll(List<LeaseRequest> requests) {
    return redis.call(
        session -> {
          Request script = session.call(Script.LEASE, requests.size());
          requests.forEach(request -> script.arg(session.key(request.productId)));
          script.arg(LEASE_LIFE.toMillis());
          requests.forEach(request -> script.arg(request.token));
          List<ProductId> productIds = requests.stream().map(LeaseRequest::productId).toList();
          return session.connection().send(script).map(states -> entries(productIds, states, 0));
        });
  }

  private Future<List<Boolean>> fillAll(List<FillRequest> requests) {
    return redis.call(
        session -> {
          Request script = session.call(Script.FILL, requests.size());
          requests.forEach(request -> script.arg(session.key(request.row.productId())));
          for (FillRequest request : requests) {
            script.arg(request.token).arg(life(request.row)).arg(Entry.format(request.row));
          }
          return session
              .connection()
              .send(script)
              .map(filled -> filled.stream().map(one -> one.toInteger() == 1).toList());
        });
  }

  private long life(Row row) {
    return row.media().isPresent() ? ttlMs : absentTtlMs;
  }

  private static Future<Void> repair(RedisSession session, List<PendingChange> changes) {
    List<Future<Response>> sent = new ArrayList<>();
    for (int from = 0; from < changes.size(); from += MAX_KEYS) {
      List<PendingChange> some = changes.subList(from, Math.min(from + MAX_KEYS, changes.size()));
      Request script = session.call(Script.REPAIR, some.size());
      some.forEach(change -> script.arg(session.key(change.productId())));
      script.arg(session.channel());
      some.forEach(change -> script.arg(change.version()));
      sent.add(session.connection().send(script));
    }
    return Future.all(sent).mapEmpty();
  }

  private static Set<ProductId> wanted(List<ProductId> productIds, Response answers) {
    Set<ProductId> wanted = new HashSet<>();
    for (int i = 0; i < productIds.size(); i++) {
      if (answers.get(i).toInteger() == 1) {
        wanted.add(productIds.get(i));
      }
    }
    return wanted;
  }

  private static List<Entry> entries(List<ProductId> productIds, Response states, int first) {
    List<Entry> entries = new ArrayList<>(productIds.size());
    for (int i = 0; i < productIds.size(); i++) {
      Response state = states.get(first + i);
      entries.add(Entry.parse(productIds.get(i), state == null ? null : state.toBuffer()));
    }
    return entries;
  }
}
