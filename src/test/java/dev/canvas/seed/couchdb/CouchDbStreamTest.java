package dev.canvas.seed.couchdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.target.LoadedItemIds;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.seed.target.Target;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Loading a CouchDB that refuses documents, or whose load another process takes over. */
class CouchDbStreamTest {

  private static final byte[] ITEMS = "[]".getBytes(StandardCharsets.UTF_8);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger bulks = new AtomicInteger();
  private volatile String bulkAnswer = "[]";
  private volatile boolean takenOver;
  private LoadLease lease;
  private CouchDbStream stream;

  @BeforeEach
  void begin() throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
    BlockingCouchDb couchDb =
        new BlockingCouchDb(
            vertx, CouchDbSettings.of("http://127.0.0.1:" + server.actualPort() + "/canvas"));
    lease = new LoadLease(couchDb);
    lease.begin(null, SeedRequest.generate(1, 10), 1, 10);
    LoadedItemIds itemIds =
        new LoadedItemIds(itemId -> CouchDbTarget.raiseItemIds(couchDb, itemId));
    stream = new CouchDbStream(couchDb, lease, itemIds, SeedRequest.OnConflict.KEEP, false);
  }

  @AfterEach
  void close() throws Exception {
    lease.close();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void aConflictKeepsTheStoredProduct() throws Exception {
    bulkAnswer = row("conflict", "Document update conflict.");
    load();
    assertEquals(1, bulks.get());
  }

  @Test
  void aRefusedDocumentFailsTheLoadWithTheReason() {
    bulkAnswer = row("forbidden", "only on Sundays");
    ProblemException refused = assertThrows(ProblemException.class, this::load);
    assertTrue(refused.getMessage().contains("forbidden, only on Sundays"), refused.getMessage());
  }

  @Test
  void nothingIsSentAfterAnotherProcessTookTheLoadOver() throws Exception {
    takenOver = true;
    lease.setTotal(10);
    ProblemException refused = assertThrows(ProblemException.class, this::load);
    assertEquals(Problem.SEEDER_BUSY, refused.problem());
    assertEquals(0, bulks.get());
  }

  private void load() throws Exception {
    stream.begin(0);
    stream.add(0, 7, ITEMS, ITEMS.length, 0);
    stream.commit(Target.Tally.NONE);
  }

  private void answer(HttpServerRequest request) {
    request.response().putHeader("Content-Type", "application/json");
    if (request.path().endsWith("/_bulk_docs")) {
      bulks.incrementAndGet();
      request.response().setStatusCode(201).end(bulkAnswer);
    } else if (request.method().name().equals("GET")) {
      request.response().end("{\"_rev\":\"2-x\",\"holder\":\"another\"}");
    } else if (takenOver) {
      request.response().setStatusCode(409).end("{\"error\":\"conflict\"}");
    } else {
      request.response().setStatusCode(201).end("{\"ok\":true,\"rev\":\"1-x\"}");
    }
  }

  private static String row(String error, String reason) {
    return new JsonArray()
        .add(
            new JsonObject()
                .put("id", "0000000000000007")
                .put("error", error)
                .put("reason", reason))
        .encode();
  }
}
