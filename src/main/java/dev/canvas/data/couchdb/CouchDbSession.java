package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbClient;
import dev.canvas.couchdb.CouchDbLayout;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/**
 * Sends requests to a database that is known to be Canvas's. Immutable.
 *
 * @param epoch when the database was created: {@link CouchDbLayout#EPOCH}
 */
record CouchDbSession(CouchDbClient client, long epoch) {

  /** Fails if the server does not answer, or if its database was deleted and created again. */
  Future<Void> confirm() {
    return get(CouchDbLayout.CATALOGUE, CouchDbLayout::epoch)
        .compose(
            now ->
                now == epoch
                    ? Future.succeededFuture()
                    : Future.failedFuture("the database was deleted and created again"));
  }

  /** Reads a resource. Fails if the answer lacks what the reader needs. */
  <T> Future<T> get(String resource, Function<JsonObject, T> reader) {
    return client.get(resource).map(checked(reader));
  }

  /** Posts to a resource that answers with an object. */
  <T> Future<T> post(String resource, JsonObject body, Function<JsonObject, T> reader) {
    return client.post(resource, body, JsonObject.class).map(checked(reader));
  }

  /**
   * Writes documents, each for itself: one that conflicts does not keep the others from success.
   */
  <T> Future<T> bulk(JsonArray documents, Function<JsonArray, T> reader) {
    JsonObject body = new JsonObject().put("docs", documents);
    return client.post("_bulk_docs", body, JsonArray.class).map(checked(reader));
  }

  /**
   * The version of a revision. CouchDB numbers the revisions of a document, across its deletion
   * too.
   *
   * @param revision such as {@code 3-b65fcd86ef343fad60c0883d32d4ce24}
   */
  long version(String revision) {
    return epoch + Long.parseLong(revision, 0, revision.indexOf('-'), 10);
  }

  /** Makes a reader fail in one way, whatever it misses in the answer. */
  static <A, T> Function<A, T> checked(Function<A, T> reader) {
    return answer -> {
      try {
        return reader.apply(answer);
      } catch (RuntimeException incomplete) {
        throw CouchDbClient.notCouchDb();
      }
    };
  }
}
