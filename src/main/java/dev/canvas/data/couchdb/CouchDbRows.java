package dev.canvas.data.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.data.store.Row;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts the answers of {@code _all_docs} to rows. A document that cannot be read fails its own
 * row only.
 */
final class CouchDbRows {

  private static final Logger LOG = LoggerFactory.getLogger(CouchDbRows.class);

  private CouchDbRows() {}

  /** Returns the products of a page; ignores all other documents. */
  static List<Future<Row>> ofPage(CouchDbSession session, JsonObject answer) {
    List<Future<Row>> rows = new ArrayList<>();
    for (Object each : answer.getJsonArray("rows")) {
      JsonObject row = (JsonObject) each;
      if (CouchDbLayout.isProduct(row.getString("id"))) {
        rows.add(row(session, row));
      }
    }
    return rows;
  }

  /** Returns the requested products, in the order of the request. */
  static List<Future<Row>> of(
      CouchDbSession session, List<ProductId> productIds, JsonObject answer) {
    Map<String, JsonObject> byKey = new HashMap<>();
    answer
        .getJsonArray("rows")
        .forEach(
            each -> {
              JsonObject row = (JsonObject) each;
              byKey.put(row.getString("key"), row);
            });
    return productIds.stream()
        .map(
            productId -> {
              JsonObject row = byKey.get(CouchDbLayout.documentId(productId.value()));
              return row != null && "not_found".equals(row.getString("error"))
                  ? Future.succeededFuture(new Row(productId, 0, Optional.empty()))
                  : row(session, row);
            })
        .toList();
  }

  private static Future<Row> row(CouchDbSession session, JsonObject row) {
    try {
      ProductId productId = CouchDbLayout.productId(row.getString("id"));
      JsonObject value = row.getJsonObject("value");
      if (value.getBoolean("deleted", false)) {
        String revision = value.getString("rev");
        return Future.succeededFuture(
            new Row(productId, session.version(revision), Optional.empty(), revision));
      }
      JsonObject document = row.getJsonObject("doc");
      String revision = document.getString("_rev");
      long version = session.version(revision);
      // Not getString, which would serialise an array. Anything but a text cannot be read.
      Buffer items =
          Buffer.buffer(document.getValue(CouchDbLayout.MEDIA) instanceof String text ? text : "");
      return Future.succeededFuture(
          new Row(
              productId,
              version,
              Optional.of(ProductMedia.stored(productId, version, items).checked()),
              revision));
    } catch (RuntimeException invalid) {
      LOG.error("A document in CouchDB is not a valid product: {}", key(row), invalid);
      return Future.failedFuture(readRefused());
    }
  }

  private static String key(JsonObject row) {
    return row == null ? "missing from the answer" : row.getString("key");
  }

  static RuntimeException readRefused() {
    return Problem.INTERNAL.because("The store refused a read; the service's log has the reason");
  }
}
