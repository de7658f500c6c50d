package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbClient;
import dev.canvas.couchdb.CouchDbFailure;
import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.diagnosis.Diagnosis;
import dev.canvas.media.ItemIdRules;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Prepares and inspects the database of the CouchDB store. Blocking: not for an event loop. */
public final class CouchDbDatabase {

  private static final int ANSWER_SECONDS = 10;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /**
   * The state of the database, for the doctor. Immutable.
   *
   * @param server the server's version
   * @param exists whether the database exists
   * @param prepared whether Canvas has prepared it
   * @param documents the number of documents, which is about the number of products
   * @param mayCreate whether the user may create the database
   */
  public record State(
      String server, boolean exists, boolean prepared, long documents, boolean mayCreate) {}

  /** The database cannot be used. The message says why and what to do, in one line. */
  public static final class UnusableException extends RuntimeException {

    private final transient Diagnosis diagnosis;

    UnusableException(Diagnosis diagnosis, Throwable cause) {
      super(diagnosis.toString(), cause);
      this.diagnosis = diagnosis;
    }

    /** Why, and what to do. */
    public Diagnosis diagnosis() {
      return diagnosis;
    }
  }

  private static final Diagnosis OF_OTHERS =
      new Diagnosis(
          "the database holds documents, none of them from Canvas",
          "name another database in CANVAS_COUCHDB_URI; ./canvas serve creates it if necessary");

  private CouchDbDatabase() {}

  /**
   * Creates the database and Canvas's own documents unless they exist. Safe if several nodes start
   * at once.
   *
   * @throws UnusableException if the server is unreachable or refuses, or the database holds
   *     documents of others
   */
  public static void prepare(CouchDbSettings settings) {
    run(settings, client -> database(client).compose(database -> documents(client, database)));
  }

  /**
   * Reads the state of the database, and changes nothing.
   *
   * @throws UnusableException if the server is unreachable or refuses
   */
  public static State examine(CouchDbSettings settings) {
    return run(
        settings,
        client -> {
          Future<JsonObject> welcome = client.welcome();
          Future<JsonObject> database = welcome.compose(greeted -> orNull(client.get("")));
          Future<JsonObject> catalogue =
              database.compose(read -> orNull(client.get(CouchDbLayout.CATALOGUE)));
          return catalogue
              .compose(read -> client.mayCreate())
              .map(may -> state(welcome.result(), database.result(), catalogue.result(), may));
        });
  }

  private static State state(
      JsonObject welcome, JsonObject database, JsonObject catalogue, boolean mayCreate) {
    return new State(
        welcome.getString("version"),
        database != null,
        catalogue != null,
        database == null ? 0 : database.getLong("doc_count", 0L),
        mayCreate);
  }

  private static Future<JsonObject> database(CouchDbClient client) {
    return orNull(client.get(""))
        .compose(
            there ->
                there != null
                    ? Future.succeededFuture(there)
                    : unlessExists(client.put("", null), 412).compose(created -> client.get("")));
  }

  private static Future<Void> documents(CouchDbClient client, JsonObject database) {
    return orNull(client.get(CouchDbLayout.CATALOGUE))
        .compose(
            catalogue ->
                catalogue == null && database.getLong("doc_count", 0L) > 0
                    ? Future.failedFuture(new UnusableException(OF_OTHERS, null))
                    : Future.succeededFuture())
        .compose(
            ours ->
                create(
                    client,
                    CouchDbLayout.CATALOGUE,
                    new JsonObject()
                        .put(
                            CouchDbLayout.EPOCH,
                            ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))
                        .put(CouchDbLayout.NEXT_ITEM_ID, ItemIdRules.FIRST)))
        .compose(
            made ->
                create(
                    client,
                    CouchDbLayout.RELAY,
                    new JsonObject()
                        .put(CouchDbLayout.SINCE, database.getValue("update_seq"))
                        .put(CouchDbLayout.HOLDER, "")));
  }

  private static Future<Void> create(CouchDbClient client, String id, JsonObject document) {
    return orNull(client.get(id))
        .compose(
            there ->
                there != null
                    ? Future.succeededFuture()
                    : unlessExists(client.put(id, document), 409));
  }

  private static Future<JsonObject> orNull(Future<JsonObject> found) {
    return found.recover(
        failure ->
            failure instanceof CouchDbClient.ErrorException error && error.status() == 404
                ? Future.succeededFuture()
                : Future.failedFuture(failure));
  }

  /**
   * @param status with which CouchDB reports that it exists already
   */
  private static Future<Void> unlessExists(Future<JsonObject> made, int status) {
    return made.<Void>mapEmpty()
        .recover(
            failure ->
                failure instanceof CouchDbClient.ErrorException error && error.status() == status
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  private static <T> T run(CouchDbSettings settings, Function<CouchDbClient, Future<T>> requests) {
    Vertx vertx = Vertx.vertx();
    try {
      CouchDbClient client = new CouchDbClient(vertx, settings, 1, CONNECT_TIMEOUT);
      return requests.apply(client).await(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new UnusableException(CouchDbFailure.of(late), late);
    } catch (UnusableException known) {
      throw known;
    } catch (Exception failure) {
      // Future.await throws whatever the requests failed with, checked or not.
      throw new UnusableException(CouchDbFailure.of(failure), failure);
    } finally {
      vertx.close();
    }
  }
}
