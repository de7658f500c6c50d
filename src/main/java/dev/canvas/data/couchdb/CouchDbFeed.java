package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Outbox;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What CouchDB's {@code _changes} tells: the newest change of each document, in the order in which
 * they were committed, since a sequence number. A commit and its place there are one.
 *
 * @param rows those of products
 * @param last the sequence number of the last change, of whatever document; a text or a number
 */
record CouchDbFeed(List<Outbox.Message> rows, Object last) {

  /** Up to so many changes after a sequence number. */
  static Future<CouchDbFeed> after(CouchDbSession session, Object since, int limit) {
    return session
        .client()
        .get("_changes?limit=" + limit + "&since=" + encoded(since))
        .map(CouchDbClient.reading(answer -> read(session, answer)));
  }

  /** Those of some changes that come after what has been relayed. */
  static Future<Set<CommittedVersion>> unrelayed(
      CouchDbSession session, Collection<CommittedVersion> changes) {
    JsonArray ids = new JsonArray();
    changes.forEach(change -> ids.add(CouchDbLayout.documentId(change.productId().value())));
    JsonObject body = new JsonObject().put("doc_ids", ids);
    return relayed(session)
        .compose(
            since ->
                session
                    .client()
                    .post(
                        "_changes?filter=_doc_ids&since=" + encoded(since), body, JsonObject.class))
        .map(CouchDbClient.reading(answer -> read(session, answer)))
        .map(
            feed -> {
              Set<Object> there =
                  feed.rows.stream().map(Outbox.Message::productId).collect(Collectors.toSet());
              return changes.stream()
                  .filter(change -> there.contains(change.productId()))
                  .collect(Collectors.toSet());
            });
  }

  /** Up to where the relay, of whatever process, has told. */
  static Future<Object> relayed(CouchDbSession session) {
    return session
        .client()
        .get(CouchDbLayout.RELAY)
        .map(relay -> relay.getValue(CouchDbLayout.SINCE));
  }

  /**
   * From where on a cache may hold something older: where the relay is, or beyond it what was there
   * before the last load ended, as each cache began anew then.
   */
  static Future<Object> unsettled(CouchDbSession session) {
    return relayed(session)
        .compose(
            relayed ->
                session
                    .client()
                    .get(CouchDbLayout.CATALOGUE)
                    .map(
                        catalogue -> {
                          Object settled = catalogue.getValue(CouchDbLayout.SETTLED);
                          return settled == null || place(settled) <= place(relayed)
                              ? relayed
                              : settled;
                        }));
  }

  /** What one server counts, which a text of a sequence number begins with. */
  private static long place(Object since) {
    String text = since.toString();
    int end = text.indexOf('-');
    return Long.parseLong(end < 0 ? text : text.substring(0, end));
  }

  private static CouchDbFeed read(CouchDbSession session, JsonObject answer) {
    List<Outbox.Message> rows = new ArrayList<>();
    for (Object each : answer.getJsonArray("results")) {
      JsonObject change = (JsonObject) each;
      String documentId = change.getString("id");
      if (CouchDbLayout.isProduct(documentId)) {
        String revision = change.getJsonArray("changes").getJsonObject(0).getString("rev");
        rows.add(
            new Outbox.Message(
                rows.size(),
                CouchDbLayout.productId(documentId),
                session.version(revision),
                change.getBoolean("deleted", false)));
      }
    }
    return new CouchDbFeed(rows, answer.getValue("last_seq"));
  }

  private static String encoded(Object since) {
    String text = since instanceof String string ? string : Json.encode(since);
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
