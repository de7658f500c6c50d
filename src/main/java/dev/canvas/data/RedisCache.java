package dev.canvas.data;

import dev.canvas.media.ProductId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The cache in Redis, under the keys {@code canvas:<run>:<generation>:m:<id>}. Losing any key at
 * any time is safe. The commands of a tick go out as one: an MGET, a lease script, a fill script.
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
   * @param generation the catalogue's, asked for each time a connection is made
   */
  RedisCache(Context context, DataSettings settings, LongSupplier generation) {
    this.redis =
        new HeldConnection<>(
            context,
            "Redis",
            settings.redisTimeout(),
            onEnd ->
                new RedisLink(context.owner(), settings.redisUri(), generation.getAsLong(), onEnd));
    this.ttlMs = settings.ttl().toMillis();
    this.absentTtlMs = settings.absentTtl().toMillis();
    this.reads = new TickBatcher<>(context, MAX_KEYS, this::readAll);
    this.leases = new TickBatcher<>(context, MAX_KEYS, this::leaseAll);
    this.fills = new TickBatcher<>(context, MAX_KEYS, this::fillAll);
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
  public void close() {
    redis.close();
  }

  private Future<List<Entry>> readAll(List<ProductId> productIds) {
    return redis.call(
        session -> {
          Request mget = Request.cmd(Command.MGET);
          productIds.forEach(productId -> mget.arg(session.key(productId)));
          return session.connection().send(mget).map(states -> entries(productIds, states));
        });
  }

  private Future<List<Entry>> leaseAll(List<LeaseRequest> requests) {
    return redis.call(
        session -> {
          Request script = script(session.leaseScript(), requests.size());
          requests.forEach(request -> script.arg(session.key(request.productId)));
          script.arg(LEASE_LIFE.toMillis());
          requests.forEach(request -> script.arg(request.token));
          List<ProductId> productIds = requests.stream().map(LeaseRequest::productId).toList();
          return session.connection().send(script).map(states -> entries(productIds, states));
        });
  }

  private Future<List<Boolean>> fillAll(List<FillRequest> requests) {
    return redis.call(
        session -> {
          Request script = script(session.fillScript(), requests.size());
          requests.forEach(request -> script.arg(session.key(request.row.productId())));
          for (FillRequest request : requests) {
            boolean present = request.row.media().isPresent();
            script
                .arg(request.token)
                .arg(present ? ttlMs : absentTtlMs)
                .arg(Entry.format(request.row));
          }
          return session
              .connection()
              .send(script)
              .map(filled -> filled.stream().map(one -> one.toInteger() == 1).toList());
        });
  }

  private static Request script(String hash, int keys) {
    return Request.cmd(Command.EVALSHA).arg(hash).arg(keys);
  }

  private static List<Entry> entries(List<ProductId> productIds, Response states) {
    List<Entry> entries = new ArrayList<>(productIds.size());
    for (int i = 0; i < productIds.size(); i++) {
      Response state = states.get(i);
      entries.add(Entry.parse(productIds.get(i), state == null ? null : state.toBuffer()));
    }
    return entries;
  }
}
