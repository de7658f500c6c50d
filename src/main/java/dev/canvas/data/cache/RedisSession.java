package dev.canvas.data.cache;

import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Generation;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import dev.canvas.redis.RedisRights;
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
 * A ready connection to Redis, and the commands that are sent over it. Each command checks the
 * {@link GenerationMarker} and fails if the catalogue has been switched. Immutable.
 *
 * @param connection pipelines commands
 * @param server whose data the keys are in
 * @param generation whose keys are in use
 * @param marker the key of the {@link GenerationMarker}
 * @param keyPrefix {@code canvas:<run id>:<generation>}; it names the run of the server because a
 *     restarted one may have loaded an old snapshot, whose values must not be read
 * @param scripts the hashes of the loaded scripts
 */
record RedisSession(
    RedisConnection connection,
    RedisIdentity server,
    Generation generation,
    String marker,
    String keyPrefix,
    Map<Script, String> scripts) {

  /** The most keys of one command; a longer one would delay other connections. */
  static final int MAX_KEYS = 512;

  /** A request for the lease of a key. */
  record LeaseRequest(ProductId productId, String token) {}

  /** A row to cache under a lease. */
  record FillRequest(Row row, String token) {}

  /** The catalogue has been switched or is about to be, so this generation may not be read. */
  static final class SwitchedException extends RuntimeException {
    SwitchedException() {
      super("the catalogue has been switched", null, false, false);
    }
  }

  /** The marker was lost, and has to be set again. */
  static final class UnmarkedException extends RuntimeException {
    UnmarkedException() {
      super("the marker of the generation is lost", null, false, false);
    }
  }

  RedisSession(
      RedisConnection connection,
      RedisIdentity server,
      Generation generation,
      Map<Script, String> scripts) {
    this(
        connection,
        server,
        generation,
        generation.markerKey(server.run()),
        generation.keyPrefix(server.run()),
        scripts);
  }

  /** Reads the states of keys. */
  Future<List<Entry>> read(List<ProductId> productIds) {
    Request mget = Request.cmd(Command.MGET).arg(marker);
    productIds.forEach(productId -> mget.arg(key(productId)));
    return connection
        .send(mget)
        .compose(
            states ->
                isCurrent(states.get(0))
                    ? Future.succeededFuture(entries(productIds, states, 1))
                    : Future.failedFuture(notCurrent(states.get(0))));
  }

  /** Takes the leases of missing keys; returns the state of each key afterwards. */
  Future<List<Entry>> lease(List<LeaseRequest> requests, long lifeMs) {
    Request script = call(Script.LEASE, requests.size());
    requests.forEach(request -> script.arg(key(request.productId)));
    script.arg(lifeMs);
    requests.forEach(request -> script.arg(request.token));
    List<ProductId> productIds = requests.stream().map(LeaseRequest::productId).toList();
    return connection.send(script).map(states -> entries(productIds, states, 0));
  }

  /**
   * Caches rows, each only if its lease still stands; returns for each whether it did.
   *
   * @param lifeMs how long a row is kept, in ms
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

  /** Fences keys with a token; returns those products that were cached or leased. */
  Future<Set<ProductId>> fence(List<ProductId> productIds, String token, long lifeMs) {
    Request script = call(Script.FENCE, productIds.size());
    productIds.forEach(productId -> script.arg(key(productId)));
    script.arg(token).arg(lifeMs).arg(channel());
    return connection.send(script).map(wanted -> wanted(productIds, wanted));
  }

  /**
   * Removes a token from the fences of keys and caches what was written.
   *
   * @param lifeMs how long a row is kept, in ms
   */
  Future<Void> install(
      Collection<Cache.Installation> installations, String token, ToLongFunction<Row> lifeMs) {
    if (installations.isEmpty()) {
      // All changes of a group may have turned out to change nothing.
      return Future.succeededFuture();
    }
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

  /** Removes values and leases that may be older than changes. */
  Future<Void> repair(List<CommittedVersion> changes) {
    List<Future<Response>> sent = new ArrayList<>();
    for (int from = 0; from < changes.size(); from += MAX_KEYS) {
      List<CommittedVersion> some =
          changes.subList(from, Math.min(from + MAX_KEYS, changes.size()));
      Request script = call(Script.REPAIR, some.size());
      some.forEach(change -> script.arg(key(change.productId())));
      script.arg(channel());
      some.forEach(change -> script.arg(change.version()));
      sent.add(connection.send(script));
    }
    return Future.all(sent).mapEmpty();
  }

  /** Fails if the server is no master any more, or has been promoted since. */
  Future<Void> confirmServer() {
    return server.confirm(connection);
  }

  /** Lets the marker of its generation live on. */
  Future<Void> renewMarker() {
    return connection
        .send(Request.cmd(Command.PEXPIRE).arg(marker).arg(GenerationMarker.LIFE.toMillis()))
        .mapEmpty();
  }

  /** Fails if the server refuses to store anything. */
  Future<Void> tryToStore() {
    return RedisRights.check(connection);
  }

  /** Completes when the server answers. */
  Future<Void> ping() {
    return connection.send(Request.cmd(Command.PING)).mapEmpty();
  }

  /** Publishes a message on the channel of changes. */
  Future<Void> publish(String message) {
    Future<Response> published =
        connection.send(Request.cmd(Command.PUBLISH).arg(channel()).arg(message));
    Future<Response> current = connection.send(Request.cmd(Command.GET).arg(marker));
    return Future.all(published, current)
        .compose(
            both ->
                isCurrent(current.result())
                    ? Future.succeededFuture()
                    : Future.failedFuture(notCurrent(current.result())));
  }

  /** Publishes a message for all nodes of the store. */
  Future<Void> tell(String message) {
    return connection
        .send(
            Request.cmd(Command.PUBLISH).arg(generation.changesChannel(server.run())).arg(message))
        .mapEmpty();
  }

  /** The channel on which the ids of changed products are published. */
  static String channel(String keyPrefix) {
    return keyPrefix + ":changed";
  }

  /** A pattern that matches the channels of all generations at a run of the server. */
  static String channelPattern(String runId) {
    return "canvas:" + runId + ":*:changed";
  }

  private String channel() {
    return channel(keyPrefix);
  }

  String key(ProductId productId) {
    return keyPrefix + ":m:" + productId;
  }

  /** Begins a call of a script; its keys and arguments have to follow. */
  private Request call(Script script, int keys) {
    return Request.cmd(Command.EVALSHA).arg(scripts.get(script)).arg(keys + 1).arg(marker);
  }

  /** Whether the marker names this generation. */
  private boolean isCurrent(Response markerValue) {
    return markerValue != null && markerValue.toString().equals(Long.toString(generation.number()));
  }

  private static RuntimeException notCurrent(Response markerValue) {
    return markerValue == null ? new UnmarkedException() : new SwitchedException();
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
