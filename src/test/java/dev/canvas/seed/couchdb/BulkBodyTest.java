package dev.canvas.seed.couchdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bodies of bulk requests, and the record of committed chunks. */
class BulkBodyTest {

  private static final String ITEMS =
      "[{\"id\":1,\"type\":\"image\",\"url\":\"/ä.jpg\",\"alt\":\"\\\"\\\\ \\u0001\"}]";

  private final BulkBody body = new BulkBody();

  @Test
  void itemArraysAreSentAsStringsWithTheirBytesUnchanged() {
    add(body, 7, ITEMS);
    add(body, 9_007_199_254_740_991L, "[]");
    JsonArray documents = sent(body);
    assertEquals(
        new JsonObject().put("_id", "0000000000000007").put("media", ITEMS),
        documents.getJsonObject(0));
    assertEquals("9007199254740991", documents.getJsonObject(1).getString("_id"));
    assertEquals(ITEMS, body.items(7));
    assertTrue(body.contains(7));
    assertFalse(body.contains(8));
    body.clear();
    assertTrue(body.isEmpty());
    add(body, 8, ITEMS);
    assertEquals(1, sent(body).size());
  }

  @Test
  void aReplacementNamesTheRevisionThatItReplaces() {
    add(body, 1, ITEMS);
    add(body, 2, ITEMS);
    BulkBody replacements = new BulkBody();
    replacements.addFrom(body, 2, "3-abc");
    replacements.addFrom(body, 1, null);
    JsonArray documents = sent(replacements);
    assertEquals("3-abc", documents.getJsonObject(0).getString("_rev"));
    assertEquals(ITEMS, documents.getJsonObject(0).getString("media"));
    assertFalse(documents.getJsonObject(1).containsKey("_rev"));
  }

  @Test
  void theLastRecordOfAProductIsSent() {
    for (long id : new long[] {1, 1, 2, 3, 2}) {
      add(body, id, "[" + body.length() + "]");
    }
    JsonArray documents = sent(body);
    assertEquals(3, documents.size(), documents.encode());
    assertEquals("0000000000000001", documents.getJsonObject(0).getString("_id"));
    assertEquals("0000000000000003", documents.getJsonObject(1).getString("_id"));
    assertEquals(body.items(2), documents.getJsonObject(2).getString("media"));
  }

  @Test
  void aBodyGrowsWithItsDocuments() {
    String large = "[" + "\"".repeat(300_000) + "]";
    add(body, 1, large);
    add(body, 2, large);
    assertEquals(large, sent(body).getJsonObject(1).getString("media"));
  }

  @Test
  void doneChunksAreStoredCompactly() {
    DoneChunks chunks = new DoneChunks();
    List.of(1, 0, 2, 5, 4).forEach(chunks::add);
    assertEquals("{\"below\":3,\"others\":[4,5]}", chunks.toJson().encode());
    DoneChunks read = DoneChunks.of(chunks.toJson());
    assertEquals(Set.of(0, 1, 2, 4, 5), read.all());
    read.add(3);
    assertEquals("{\"below\":6,\"others\":[]}", read.toJson().encode());
  }

  private static void add(BulkBody body, long productId, String items) {
    byte[] bytes = items.getBytes(StandardCharsets.UTF_8);
    body.add(productId, bytes, bytes.length);
  }

  private static JsonArray sent(BulkBody body) {
    return body.toBuffer().toJsonObject().getJsonArray("docs");
  }
}
