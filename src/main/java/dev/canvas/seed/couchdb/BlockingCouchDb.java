package dev.canvas.seed.couchdb;

import dev.canvas.couchdb.CouchDbClient;
import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.media.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Lets the threads of a load wait for CouchDB's answers, and decode them. Fails with {@link
 * Problem#UNAVAILABLE} if CouchDB refuses or does not answer within {@value #ANSWER_SECONDS} s.
 * Blocking: not for an event loop. Thread-safe.
 */
final class BlockingCouchDb {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int ANSWER_SECONDS = 120;

  /** More than the threads of any load: no request queues for a connection. */
  private static final int MAX_CONNECTIONS = 256;

  /** Attempts before conflicts with other writers of a document fail the load. */
  private static final int MAX_TRIES = 32;

  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int NONE = 0;

  private final Vertx vertx;
  private final CouchDbSettings settings;
  private CouchDbClient client;

  BlockingCouchDb(Vertx vertx, CouchDbSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
  }

  /**
   * Reads a resource.
   *
   * @param resource below the database, with its query
   * @return null if it does not exist
   */
  JsonObject get(String resource) throws InterruptedException {
    Buffer answer = send(HttpMethod.GET, resource, null, NOT_FOUND);
    return answer == null ? null : decode(answer, JsonObject.class);
  }

  /**
   * Writes a document if its revision is still the stored one.
   *
   * @return its new revision; null if another writer came first
   */
  String put(String id, JsonObject document) throws InterruptedException {
    Buffer answer = send(HttpMethod.PUT, id, document.toBuffer(), CONFLICT);
    return answer == null ? null : decode(answer, JsonObject.class).getString("rev");
  }

  /**
   * Updates an existing document; repeats the change if another writer comes first.
   *
   * @return the document as it was written
   */
  JsonObject update(String id, Consumer<JsonObject> change) throws InterruptedException {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      JsonObject document = get(id);
      if (document == null) {
        throw refused("the document '" + id + "' does not exist");
      }
      change.accept(document);
      if (put(id, document) != null) {
        return document;
      }
    }
    throw refused("other writers keep changing the document '" + id + "'");
  }

  /** Posts to a resource; returns the answer undecoded. */
  Buffer post(String resource, Buffer body) throws InterruptedException {
    return send(HttpMethod.POST, resource, body, NONE);
  }

  static JsonArray array(Buffer answer) {
    return decode(answer, JsonArray.class);
  }

  static RuntimeException refused(String reason) {
    return Problem.UNAVAILABLE.because("CouchDB cannot be loaded: %s", reason);
  }

  private static <T> T decode(Buffer answer, Class<T> type) {
    try {
      Object decoded = Json.decodeValue(answer);
      if (type.isInstance(decoded)) {
        return type.cast(decoded);
      }
    } catch (DecodeException notJson) {
      // A proxy or another service has answered.
    }
    throw refused(CouchDbClient.notCouchDb().getMessage());
  }

  /**
   * Sends a request. Repeats it once if no answer comes, because a server may close an idle
   * connection just as a request arrives. A PUT is not repeated: it would conflict with itself.
   *
   * @param nullStatus the status for which null is returned
   */
  private Buffer send(HttpMethod method, String resource, Buffer body, int nullStatus)
      throws InterruptedException {
    boolean repeatable = !method.equals(HttpMethod.PUT);
    while (true) {
      Throwable failure;
      try {
        return client()
            .send(method, resource, body)
            .toCompletionStage()
            .toCompletableFuture()
            .get(ANSWER_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException failed) {
        failure = failed.getCause();
      } catch (TimeoutException late) {
        failure = late;
      }
      if (failure instanceof CouchDbClient.ErrorException error) {
        if (error.status() == nullStatus) {
          return null;
        }
        throw refused(
            "%s %s was answered with %s"
                .formatted(method, resource.split("[?]", 2)[0], error.getMessage()));
      }
      if (!repeatable) {
        throw refused(
            "%s does not answer (%s)"
                .formatted(
                    settings, failure.getMessage() == null ? failure : failure.getMessage()));
      }
      repeatable = false;
    }
  }

  /**
   * Created at the first use, so that it belongs to the verticle that uses it and closes with it.
   */
  private synchronized CouchDbClient client() {
    if (client == null) {
      client = new CouchDbClient(vertx, settings, MAX_CONNECTIONS, CONNECT_TIMEOUT);
    }
    return client;
  }
}
