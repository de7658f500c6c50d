package dev.canvas.data.couchdb;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.connection.OutageLog;
import dev.canvas.data.store.Row;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the store interprets CouchDB's answers, valid and invalid. */
class CouchDbStoreTest {

  private static final String FOUND =
      "{\"id\":\"0000000000000042\",\"key\":\"0000000000000042\",\"value\":{\"rev\":\"3-ab\"},\"doc\":{\"_id\":\"0000000000000042\",\"_rev\":\"3-ab\",\"media\":\"[{\\\"type\\\":1.0,"
          + " \\\"alt\\\":\\\"\\u00e4\\\"}]\"}}";
  private static final String DELETED =
      "{\"id\":\"0000000000000043\",\"key\":\"0000000000000043\","
          + "\"value\":{\"rev\":\"4-cd\",\"deleted\":true},\"doc\":null}";
  private static final String ABSENT = "{\"key\":\"0000000000000044\",\"error\":\"not_found\"}";
  private static final String INVALID =
      "{\"id\":\"0000000000000045\",\"key\":\"0000000000000045\",\"value\":{\"rev\":\"1-ef\"},"
          + "\"doc\":{\"_id\":\"0000000000000045\",\"_rev\":\"1-ef\",\"media\":[]}}";

  private FakeCouchDb couchDb;
  private CouchDbStore store;

  @BeforeEach
  void connect() {
    couchDb = new FakeCouchDb();
    store =
        new CouchDbStore(
            couchDb.loop(), new OutageLog("CouchDB"), couchDb.settings(), FakeCouchDb.DEADLINE);
    couchDb.call(store::connect);
  }

  @AfterEach
  void close() {
    couchDb.call(() -> Future.succeededFuture().onComplete(now -> store.close()));
    couchDb.close();
  }

  @Test
  void theReadsOfATickShareOneRequestAndKeepTheBytes() {
    couchDb.answer(200, "{\"rows\":[" + FOUND + "," + DELETED + "," + ABSENT + "]}");
    List<Row> rows = couchDb.call(() -> all(42, 43, 44));
    assertEquals(
        List.of(
            "POST /canvas/_all_docs?include_docs=true Basic Y2FudmFzOnNlY3JldA=="
                + " {\"keys\":[\"0000000000000042\",\"0000000000000043\",\"0000000000000044\"]}"),
        couchDb.requests());
    assertEquals(
        "{\"product_id\":42,\"version\":1700000000000003,\"media\":[{\"type\":1.0,"
            + " \"alt\":\"ä\"}]}",
        rows.get(0).media().orElseThrow().document().toString());
    assertEquals("3-ab", rows.get(0).revision());
    assertEquals(FakeCouchDb.EPOCH + 4, rows.get(1).version());
    assertTrue(rows.get(1).media().isEmpty());
    assertEquals("4-cd", rows.get(1).revision());
    assertEquals(0, rows.get(2).version());
    assertEquals("", rows.get(2).revision());
  }

  @Test
  void aDocumentWithoutARevisionFailsOnlyItsOwnReader() {
    couchDb.answer(200, "{\"rows\":[" + FOUND + "," + INVALID.replace("_rev", "_r") + "]}");
    List<Future<Row>> reads =
        couchDb.call(
            () -> {
              List<Future<Row>> both = List.of(select(42), select(45));
              return Future.join(both).map(both).otherwise(both);
            });
    assertTrue(reads.get(0).succeeded());
    assertEquals(Problem.INTERNAL, ((ProblemException) reads.get(1).cause()).problem());
  }

  @Test
  void mediaThatAreNoTextCannotBeRead() {
    couchDb.answer(200, "{\"rows\":[" + FOUND + "," + INVALID + "]}");
    List<Row> page = couchDb.call(() -> store.page(new ProductId(7), 10));
    assertTrue(page.get(0).media().orElseThrow().isReadable());
    assertFalse(page.get(1).media().orElseThrow().isReadable());
  }

  @Test
  void aPageContainsOnlyProducts() {
    couchDb.answer(200, "{\"rows\":[" + FOUND + ",{\"id\":\"canvas\",\"key\":\"canvas\"}]}");
    List<Row> page = couchDb.call(() -> store.page(new ProductId(7), 10));
    assertEquals(List.of(new ProductId(42)), page.stream().map(Row::productId).toList());
    assertTrue(
        couchDb
            .requests()
            .get(0)
            .startsWith(
                "GET /canvas/_all_docs?include_docs=true&startkey=%220000000000000007%22"
                    + "&endkey=%229007199254740991%22&limit=10 "),
        couchDb.requests().get(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 429, 502, 503, 504})
  void aServerThatCannotServeIsUnavailableUntilItRecovers(int status) {
    couchDb.answer(status, "{\"error\":\"why\",\"reason\":\"because\"}");
    assertUnavailableAndBack(status + " why: because");
  }

  @ParameterizedTest
  @CsvSource({"<html>,200", "'',200", "[],200", "{},200", "<html>,503"})
  void anInvalidAnswerMakesTheStoreUnavailable(String body, int status) {
    couchDb.answer(status, body);
    assertUnavailableAndBack("");
  }

  @Test
  void aSilentServerIsUnavailable() {
    couchDb.silence();
    assertUnavailableAndBack("no answer within 1000 ms");
  }

  @Test
  void aLostConnectionMakesTheStoreUnavailable() {
    couchDb.cut();
    assertUnavailableAndBack("");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 500})
  void aRefusedReadIsAnInternalErrorAndKeepsTheConnection(int status) {
    couchDb.answer(status, "{\"error\":\"bad_request\",\"reason\":\"secret\"}");
    ProblemException refused =
        assertThrows(ProblemException.class, () -> couchDb.call(() -> all(42)));
    assertEquals(Problem.INTERNAL, refused.problem());
    assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
    assertTrue(store.isUp());
  }

  @Test
  void aRecreatedDatabaseIsRefused() {
    couchDb.recreate();
    couchDb.cut();
    assertEquals(Problem.UNAVAILABLE, away().problem());
    couchDb.answer(200, "{\"rows\":[" + FOUND + "]}");
    assertEquals(Problem.UNAVAILABLE, away().problem());
    assertFalse(store.isUp());
  }

  private void assertUnavailableAndBack(String reason) {
    ProblemException away = away();
    assertEquals(Problem.UNAVAILABLE, away.problem());
    assertTrue(away.getMessage().contains(reason), away.getMessage());
    await().until(store::isUp);
    couchDb.answer(200, "{\"rows\":[" + FOUND + "]}");
    assertEquals(1, couchDb.call(() -> all(42)).size());
  }

  private ProblemException away() {
    return assertThrows(ProblemException.class, () -> couchDb.call(() -> all(42)));
  }

  private Future<Row> select(long productId) {
    return store.select(new ProductId(productId));
  }

  private Future<List<Row>> all(long... productIds) {
    List<Future<Row>> reads = Arrays.stream(productIds).mapToObj(this::select).toList();
    return Future.all(reads).map(done -> done.<Row>list());
  }
}
