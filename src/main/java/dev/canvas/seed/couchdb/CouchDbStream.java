package dev.canvas.seed.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.Problem;
import dev.canvas.seed.LoadedItemIds;
import dev.canvas.seed.SeedRequest;
import dev.canvas.seed.Tally;
import dev.canvas.seed.Target;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Loads chunks by {@code _bulk_docs}. That is no transaction: each document goes in or is in
 * conflict for itself, and a chunk that is loaded again finds what it had. Belongs to one thread.
 */
final class CouchDbStream implements Target.Stream {

  /** Requests beyond that are split, whatever the batch is. */
  private static final int MOST_BYTES = 16_000_000;

  /** Times that others may write the same products first. */
  private static final int TRIES = 32;

  private static final int SHOWN = 5;
  private static final byte[] ERROR = {'"', 'e', 'r', 'r', 'o', 'r', '"'};

  private final CouchDbRequests requests;
  private final CouchDbLoad load;
  private final LoadedItemIds itemIds;
  private final SeedRequest.OnConflict onConflict;
  private final boolean mayFindItsOwn;
  private final BulkBody body = new BulkBody();
  private int chunk;

  /**
   * @param mayFindItsOwn whether what is there may have been loaded by this very run
   */
  CouchDbStream(
      CouchDbRequests requests,
      CouchDbLoad load,
      LoadedItemIds itemIds,
      SeedRequest.OnConflict onConflict,
      boolean mayFindItsOwn) {
    this.requests = requests;
    this.load = load;
    this.itemIds = itemIds;
    this.onConflict = onConflict;
    this.mayFindItsOwn = mayFindItsOwn;
  }

  @Override
  public void begin(int number) {
    chunk = number;
  }

  @Override
  public void add(long place, long productId, byte[] items, int length, long highestItemId)
      throws SQLException, InterruptedException {
    itemIds.add(highestItemId);
    if (body.has(productId) && onConflict == SeedRequest.OnConflict.KEEP) {
      return;
    }
    if (body.has(productId) && onConflict == SeedRequest.OnConflict.REFUSE) {
      throw thereAlready(List.of(productId));
    }
    body.add(productId, items, length);
    if (body.length() >= MOST_BYTES) {
      flush();
    }
  }

  @Override
  public void commit(Tally tally) throws InterruptedException {
    flush();
    load.done(chunk, tally);
  }

  @Override
  public void close() {}

  private void flush() throws InterruptedException {
    if (body.isEmpty()) {
      return;
    }
    itemIds.awaitSettled();
    load.checkHeld();
    List<Long> conflicts = send(body);
    for (int tries = 1;
        !conflicts.isEmpty() && onConflict != SeedRequest.OnConflict.KEEP;
        tries++) {
      if (tries > TRIES) {
        throw CouchDbRequests.refused("others write the same products all the time");
      }
      conflicts = settle(conflicts);
    }
    body.clear();
  }

  /** Answers those of the products that are there already. */
  private List<Long> send(BulkBody documents) throws InterruptedException {
    return requests.post("_bulk_docs", documents.publisher(), CouchDbStream::conflicts);
  }

  /** Asks for those that are there, and replaces them where that is wished for. */
  private List<Long> settle(List<Long> conflicts) throws InterruptedException {
    BulkBody again = new BulkBody();
    List<Long> others = new ArrayList<>();
    JsonArray keys = new JsonArray();
    conflicts.forEach(productId -> keys.add(CouchDbLayout.documentId(productId)));
    JsonObject question = new JsonObject().put("keys", keys);
    JsonArray rows =
        requests.post(
            "_all_docs?include_docs=true",
            BodyPublishers.ofString(question.encode()),
            answer -> new JsonObject(Buffer.buffer(answer)).getJsonArray("rows"));
    for (Object each : rows) {
      JsonObject document = ((JsonObject) each).getJsonObject("doc");
      long productId = Long.parseLong(((JsonObject) each).getString("key"));
      boolean isThere = document != null;
      boolean isSame =
          isThere && body.items(productId).equals(document.getValue(CouchDbLayout.MEDIA));
      if (isThere && !(isSame && mayFindItsOwn)) {
        others.add(productId);
      }
      if (!isSame) {
        again.addAgain(body, productId, isThere ? document.getString("_rev") : null);
      }
    }
    if (onConflict == SeedRequest.OnConflict.REFUSE && !others.isEmpty()) {
      throw thereAlready(others);
    }
    return again.isEmpty() ? List.of() : send(again);
  }

  private static List<Long> conflicts(byte[] answer) {
    if (!isIn(answer, ERROR)) {
      return List.of();
    }
    List<Long> conflicts = new ArrayList<>();
    for (Object each : CouchDbRequests.array(answer)) {
      JsonObject row = (JsonObject) each;
      String error = row.getString("error");
      if ("conflict".equals(error)) {
        conflicts.add(Long.parseLong(row.getString("id")));
      } else if (error != null) {
        throw CouchDbRequests.refused(
            "it refuses document %s: %s, %s"
                .formatted(row.getString("id"), error, row.getString("reason")));
      }
    }
    return conflicts;
  }

  private static boolean isIn(byte[] text, byte[] word) {
    for (int i = 0; i <= text.length - word.length; i++) {
      if (text[i] == word[0] && Arrays.equals(text, i, i + word.length, word, 0, word.length)) {
        return true;
      }
    }
    return false;
  }

  private static RuntimeException thereAlready(List<Long> products) {
    return Problem.ALREADY_THERE.because(
        "Products of the source are there already, such as %s; --on-conflict keep or replace takes"
            + " the source all the same",
        String.join(", ", products.stream().limit(SHOWN).map(String::valueOf).toList()));
  }
}
