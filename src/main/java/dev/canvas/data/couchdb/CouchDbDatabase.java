package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.ItemIdRules;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The database of the CouchDB store as a whole. Blocking: not for an event loop. */
public final class CouchDbDatabase {

  private static final int ANSWER_SECONDS = 5;

  /**
   * What the doctor wants to know. Immutable.
   *
   * @param server the server's version
   * @param exists whether the database is there
   * @param prepared whether it has been used by Canvas
   * @param documents how many it holds, about as many as products
   */
  public record State(String server, boolean exists, boolean prepared, long documents) {}

  /** The database cannot be used; the message says why, in a line without a password. */
  public static final class UnusableException extends RuntimeException {
    UnusableException(Throwable cause) {
      super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
  }

  private CouchDbDatabase() {}

  /**
   * Makes the database and Canvas's own documents in it; does nothing where they are. Nodes that
   * start together do not harm each other.
   *
   * @throws UnusableException where the server cannot be reached or refuses, or the database is
   *     full of what is not Canvas's
   */
  public static void prepare(CouchDbSettings settings) {
    ask(settings, client -> database(client).compose(database -> documents(client, database)));
  }

  /**
   * Looks, and changes nothing.
   *
   * @throws UnusableException where the server cannot be reached or refuses
   */
  public static State examine(CouchDbSettings settings) {
    return ask(
        settings,
        client ->
            client
                .welcome()
                .compose(
                    welcome ->
                        orNull(client.get(""))
                            .compose(
                                database ->
                                    orNull(client.get(CouchDbLayout.CATALOGUE))
                                        .map(catalogue -> state(welcome, database, catalogue)))));
  }

  private static State state(JsonObject welcome, JsonObject database, JsonObject catalogue) {
    return new State(
        welcome.getString("version", "unknown"),
        database != null,
        catalogue != null,
        database == null ? 0 : database.getLong("doc_count", 0L));
  }

  private static Future<JsonObject> database(CouchDbClient client) {
    return orNull(client.get(""))
        .compose(
            there ->
                there != null
                    ? Future.succeededFuture(there)
                    : unlessThere(client.put("", null), 412).compose(made -> client.get("")));
  }

  private static Future<Void> documents(CouchDbClient client, JsonObject database) {
    return orNull(client.get(CouchDbLayout.CATALOGUE))
        .compose(
            catalogue ->
                catalogue == null && database.getLong("doc_count", 0L) > 0
                    ? Future.failedFuture(
                        "the database holds documents, and none of them is Canvas's: name another")
                    : Future.succeededFuture())
        .compose(
            ours ->
                make(
                    client,
                    CouchDbLayout.CATALOGUE,
                    new JsonObject()
                        .put(
                            CouchDbLayout.EPOCH,
                            ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))
                        .put(CouchDbLayout.NEXT_ITEM_ID, ItemIdRules.FIRST)))
        .compose(
            made ->
                make(
                    client,
                    CouchDbLayout.RELAY,
                    new JsonObject()
                        .put(CouchDbLayout.SINCE, database.getValue("update_seq"))
                        .put(CouchDbLayout.HOLDER, "")));
  }

  private static Future<Void> make(CouchDbClient client, String id, JsonObject document) {
    return orNull(client.get(id))
        .compose(
            there ->
                there != null
                    ? Future.succeededFuture()
                    : unlessThere(client.put(id, document), 409));
  }

  private static Future<JsonObject> orNull(Future<JsonObject> found) {
    return found.recover(
        failure ->
            failure instanceof CouchDbRefusal refusal && refusal.status() == 404
                ? Future.succeededFuture()
                : Future.failedFuture(failure));
  }

  /**
   * @param status that says that others have made it meanwhile
   */
  private static Future<Void> unlessThere(Future<JsonObject> made, int status) {
    return made.<Void>mapEmpty()
        .recover(
            failure ->
                failure instanceof CouchDbRefusal refusal && refusal.status() == status
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  private static <T> T ask(CouchDbSettings settings, Function<CouchDbClient, Future<T>> question) {
    Vertx vertx = Vertx.vertx();
    try {
      CouchDbClient client = new CouchDbClient(vertx, settings, 1);
      return question.apply(client).await(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new UnusableException(
          new IllegalStateException("no answer in " + ANSWER_SECONDS + " s", late));
    } catch (Exception failure) {
      // Future.await throws whatever the requests failed with, checked or not.
      throw new UnusableException(failure);
    } finally {
      vertx.close();
    }
  }
}
