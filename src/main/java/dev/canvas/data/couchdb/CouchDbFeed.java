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
 * A part of CouchDB's {@code _changes}: the newest change of each document since a sequence number,
 * in commit order. CouchDB adds a change to the feed in the same step that commits it.
 *
 * @param rows the changes of products
 * @param last the sequence number of the last change of any document; a string or a number
 */
record CouchDbFeed(List<Outbox.Message> rows, Object last) {

  /** More than the documents in the feed that are no products. */
  private static final int MAX_OTHERS = 100;

  /** Reads changes after a sequence number. */
  static Future<CouchDbFeed> after(CouchDbSession session, Object since, int limit) {
    return session.get(
        "_changes?limit=" + limit + "&since=" + encoded(since), answer -> read(session, answer));
  }

  /** Returns those of some changes that the relay has not processed yet. */
  static Future<Set<CommittedVersion>> unrelayed(
      CouchDbSession session, Collection<CommittedVersion> changes) {
    JsonArray ids = new JsonArray();
    changes.forEach(change -> ids.add(CouchDbLayout.documentId(change.productId().value())));
    JsonObject body = new JsonObject().put("doc_ids", ids);
    return relayed(session)
        .compose(
            since ->
                session.post(
                    "_changes?filter=_doc_ids&since=" + encoded(since),
                    body,
                    answer -> read(session, answer)))
        .map(
            feed -> {
              Set<Object> waiting =
                  feed.rows.stream().map(Outbox.Message::productId).collect(Collectors.toSet());
              return changes.stream()
                  .filter(change -> waiting.contains(change.productId()))
                  .collect(Collectors.toSet());
            });
  }

  /** Returns whether the relay has processed everything that is committed now. */
  static Future<Boolean> isRelayed(CouchDbSession session) {
    return relayed(session)
        .compose(
            since ->
                session.get(
                    "_changes?limit=%d&since=%s".formatted(MAX_OTHERS, encoded(since)),
                    answer ->
                        answer.getJsonArray("results").size() < MAX_OTHERS
                            && read(session, answer).rows.isEmpty()));
  }

  /**
   * Reads the sequence number up to which the relay, in whichever process, has processed changes.
   */
  static Future<Object> relayed(CouchDbSession session) {
    return session.get(CouchDbLayout.RELAY, relay -> relay.getValue(CouchDbLayout.SINCE));
  }

  /**
   * Reads the sequence number after which a cache may hold older values: that of the relay, or that
   * of the last load if it is later, as every cache started empty when the load finished.
   */
  static Future<Object> unsettled(CouchDbSession session) {
    return relayed(session)
        .compose(
            relayed ->
                session.get(
                    CouchDbLayout.CATALOGUE,
                    catalogue -> {
                      Object settled = catalogue.getValue(CouchDbLayout.SETTLED);
                      return settled == null || number(settled) <= number(relayed)
                          ? relayed
                          : settled;
                    }));
  }

  /** Reads the present sequence number. */
  static Future<Object> now(CouchDbSession session) {
    return session.get("_changes?limit=1&since=now", answer -> answer.getValue("last_seq"));
  }

  /** The number that a sequence number begins with; the rest is opaque. */
  static long number(Object since) {
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
