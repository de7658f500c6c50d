package dev.canvas.seed.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.seed.target.LoadedItemIds;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.seed.target.Target;
import dev.canvas.seed.target.TargetStore;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Loads chunks with {@code _bulk_docs}. That is no transaction: CouchDB writes each document or
 * reports a conflict for it. A chunk that is loaded again therefore finds its own documents.
 * Belongs to one thread.
 */
final class CouchDbStream implements Target.Stream {

  /** A chunk that is larger goes out in several requests. */
  private static final int MAX_BODY_BYTES = 16_000_000;

  /** Attempts before conflicts with other writers of the same products fail the load. */
  private static final int MAX_TRIES = 32;

  private static final int MAX_SHOWN = 5;
  private static final byte[] ERROR = {'"', 'e', 'r', 'r', 'o', 'r', '"'};

  private final BlockingCouchDb couchDb;
  private final LoadLease lease;
  private final LoadedItemIds itemIds;
  private final SeedRequest.OnConflict onConflict;
  private final boolean resumed;
  private final BulkBody body = new BulkBody();
  private int chunk;

  /**
   * @param resumed whether this run may have loaded a product before, so that an equal one is no
   *     conflict
   */
  CouchDbStream(
      BlockingCouchDb couchDb,
      LoadLease lease,
      LoadedItemIds itemIds,
      SeedRequest.OnConflict onConflict,
      boolean resumed) {
    this.couchDb = couchDb;
    this.lease = lease;
    this.itemIds = itemIds;
    this.onConflict = onConflict;
    this.resumed = resumed;
  }

  @Override
  public void begin(int number) {
    chunk = number;
  }

  @Override
  public void add(long position, long productId, byte[] items, int length, long highestItemId)
      throws SQLException, InterruptedException {
    itemIds.add(highestItemId);
    if (body.contains(productId) && onConflict == SeedRequest.OnConflict.KEEP) {
      return;
    }
    if (body.contains(productId) && onConflict == SeedRequest.OnConflict.REFUSE) {
      throw alreadyThere(List.of(productId));
    }
    body.add(productId, items, length);
    if (body.length() >= MAX_BODY_BYTES) {
      flush();
    }
  }

  @Override
  public void commit(Target.Tally tally) throws InterruptedException {
    flush();
    lease.addChunk(chunk, tally);
  }

  @Override
  public void close() {}

  private void flush() throws InterruptedException {
    if (body.isEmpty()) {
      return;
    }
    itemIds.awaitSettled();
    lease.checkHeld();
    List<Long> conflicts = send(body);
    for (int tries = 1;
        !conflicts.isEmpty() && onConflict != SeedRequest.OnConflict.KEEP;
        tries++) {
      if (tries > MAX_TRIES) {
        throw BlockingCouchDb.refused("other writers keep changing the same products");
      }
      conflicts = resolve(conflicts);
    }
    body.clear();
  }

  /** Returns the products that conflict. */
  private List<Long> send(BulkBody documents) throws InterruptedException {
    return conflicts(couchDb.post("_bulk_docs", documents.toBuffer()));
  }

  /**
   * Reads the stored documents of products that conflict, then replaces those that differ.
   *
   * @return the products that conflict again
   */
  private List<Long> resolve(List<Long> conflicts) throws InterruptedException {
    BulkBody replacements = new BulkBody();
    List<Long> others = new ArrayList<>();
    JsonArray keys = new JsonArray();
    conflicts.forEach(productId -> keys.add(CouchDbLayout.documentId(productId)));
    Buffer query = new JsonObject().put("keys", keys).toBuffer();
    JsonObject answer = couchDb.post("_all_docs?include_docs=true", query).toJsonObject();
    for (Object each : answer.getJsonArray("rows")) {
      JsonObject stored = ((JsonObject) each).getJsonObject("doc");
      long productId = Long.parseLong(((JsonObject) each).getString("key"));
      boolean exists = stored != null;
      boolean isEqual =
          exists && body.items(productId).equals(stored.getValue(CouchDbLayout.MEDIA));
      if (exists && !(isEqual && resumed)) {
        others.add(productId);
      }
      if (!isEqual) {
        replacements.addFrom(body, productId, exists ? stored.getString("_rev") : null);
      }
    }
    if (onConflict == SeedRequest.OnConflict.REFUSE && !others.isEmpty()) {
      throw alreadyThere(others);
    }
    return replacements.isEmpty() ? List.of() : send(replacements);
  }

  private static List<Long> conflicts(Buffer answer) {
    // Most answers have no error, and decoding them takes longer than this search.
    if (!contains(answer.getBytes(), ERROR)) {
      return List.of();
    }
    List<Long> conflicts = new ArrayList<>();
    for (Object each : BlockingCouchDb.array(answer)) {
      JsonObject row = (JsonObject) each;
      String error = row.getString("error");
      if ("conflict".equals(error)) {
        conflicts.add(Long.parseLong(row.getString("id")));
      } else if (error != null) {
        throw BlockingCouchDb.refused(
            "it refused document %s: %s, %s"
                .formatted(row.getString("id"), error, row.getString("reason")));
      }
    }
    return conflicts;
  }

  private static boolean contains(byte[] text, byte[] word) {
    for (int i = 0; i <= text.length - word.length; i++) {
      if (text[i] == word[0] && Arrays.equals(text, i, i + word.length, word, 0, word.length)) {
        return true;
      }
    }
    return false;
  }

  private static RuntimeException alreadyThere(List<Long> products) {
    return TargetStore.alreadyThere(
        String.join(", ", products.stream().limit(MAX_SHOWN).map(String::valueOf).toList()));
  }
}
