package dev.canvas.data.cache;

import dev.canvas.data.store.Generation;
import dev.canvas.data.store.PendingChange;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * A connection to Redis, and the commands that are sent on it: each looks at the marker too, and
 * fails where the catalogue is swapped. Immutable.
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
    Generation catalogue,
    String marker,
    String space,
    Map<Script, String> scripts) {

  /** The most keys of one command: a longer one would have other connections wait. */
  static final int MAX_KEYS = 512;

  /** A lease that is asked for. */
  record LeaseRequest(ProductId productId, String token) {}

  /** A row that goes in under a lease. */
  record FillRequest(Row row, String token) {}

  /** The catalogue was swapped, or is about to be: what is kept here is no longer to be read. */
  static final class SwappedException extends RuntimeException {
    SwappedException() {
      super("the catalogue is swapped", null, false, false);
    }
  }

  RedisSession(
      RedisConnection connection, String run, Generation catalogue, Map<Script, String> scripts) {
    this(connection, run, catalogue, catalogue.marker(run), catalogue.space(run), scripts);
  }

  /** The states of keys. */
  Future<List<Entry>> read(List<ProductId> productIds) {
    Request mget = Request.cmd(Command.MGET).arg(marker);
    productIds.forEach(productId -> mget.arg(key(productId)));
    return connection
        .send(mget)
        .compose(
            states ->
                isCurrent(states.get(0))
                    ? Future.succeededFuture(entries(productIds, states, 1))
                    : Future.failedFuture(new SwappedException()));
  }

  /** Takes the leases of missing keys; answers the state of each afterwards. */
  Future<List<Entry>> lease(List<LeaseRequest> requests, long lifeMs) {
    Request script = call(Script.LEASE, requests.size());
    requests.forEach(request -> script.arg(key(request.productId)));
    script.arg(lifeMs);
    requests.forEach(request -> script.arg(request.token));
    List<ProductId> productIds = requests.stream().map(LeaseRequest::productId).toList();
    return connection.send(script).map(states -> entries(productIds, states, 0));
  }

  /**
   * Puts rows in, each only while its lease is there; answers of each whether it was.
   *
   * @param lifeMs how long a row is kept
   */
  Future<List<Boolean>> fill(List<FillRequest> requests, ToLongFunction<Row> lifeMs) {
    Request script = call(Script.FILL, requests.size());
    requests.forEach(request -> script.arg(key(request.row.productId())));
    for (FillRequest request : requests) {
      script.arg(request.token).arg(lifeMs.applyAsLong(request.row)).arg(Entry.format(request.row));
    }
    return connection
        .send(script)
        .map(filled -> filled.stream().map(one -> one.toInteger() == 1).toList());
  }

  /** Puts a token into the fences of keys; answers which of them had anything. */
  Future<Set<ProductId>> fence(List<ProductId> productIds, String token, long lifeMs) {
    Request script = call(Script.FENCE, productIds.size());
    productIds.forEach(productId -> script.arg(key(productId)));
    script.arg(token).arg(lifeMs).arg(channel());
    return connection.send(script).map(wanted -> wanted(productIds, wanted));
  }

  /**
   * Takes a token out of the fences of keys, and puts in what was written where it may.
   *
   * @param lifeMs how long a row is kept
   */
  Future<Void> install(
      Collection<Cache.Installation> installations, String token, ToLongFunction<Row> lifeMs) {
    Request script = call(Script.INSTALL, installations.size());
    installations.forEach(each -> script.arg(key(each.productId())));
    script.arg(token).arg(channel());
    for (Cache.Installation each : installations) {
      long version = each.written().map(Row::version).orElse(0L);
      if (each.wanted() && version > 0) {
        Row row = each.written().get();
        script.arg(version).arg(Entry.format(row)).arg(lifeMs.applyAsLong(row));
      } else {
        script.arg(version).arg("").arg(0);
      }
    }
    return connection.send(script).mapEmpty();
  }

  /** Takes out what may be older than changes. */
  Future<Void> repair(List<PendingChange> changes) {
    List<Future<Response>> sent = new ArrayList<>();
    for (int from = 0; from < changes.size(); from += MAX_KEYS) {
      List<PendingChange> some = changes.subList(from, Math.min(from + MAX_KEYS, changes.size()));
      Request script = call(Script.REPAIR, some.size());
      some.forEach(change -> script.arg(key(change.productId())));
      script.arg(channel());
      some.forEach(change -> script.arg(change.version()));
      sent.add(connection.send(script));
    }
    return Future.all(sent).mapEmpty();
  }

  /** Tells all who listen to changes. */
  Future<Void> publish(String message) {
    Future<Response> told =
        connection.send(Request.cmd(Command.PUBLISH).arg(channel()).arg(message));
    Future<Response> there = connection.send(Request.cmd(Command.GET).arg(marker));
    return Future.all(told, there)
        .compose(
            both ->
                isCurrent(there.result())
                    ? Future.succeededFuture()
                    : Future.failedFuture(new SwappedException()));
  }

  /** Where changed products are told, by the part of Redis. */
  static String channel(String space) {
    return space + ":changed";
  }

  /** A pattern of these channels of all generations at a run of the server. */
  static String channels(String run) {
    return "canvas:" + run + ":*:changed";
  }

  private String channel() {
    return channel(space);
  }

  String key(ProductId productId) {
    return space + ":m:" + productId;
  }

  /** A call of a script on so many keys, which are to follow. */
  private Request call(Script script, int keys) {
    return Request.cmd(Command.EVALSHA).arg(scripts.get(script)).arg(keys + 1).arg(marker);
  }

  /** Whether the marker's value lets what is kept here be read. */
  private boolean isCurrent(Response markerValue) {
    return markerValue != null
        && markerValue.toString().equals(Long.toString(catalogue.generation()));
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
