package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.Addresses;
import dev.canvas.client.CanvasClient;
import dev.canvas.http.DocumentedMessages;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.testing.TestServers;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The event bus API, as other services use it. */
class BusIT {

  private static RunningService service;
  private static CanvasClient client;

  @BeforeAll
  static void start() {
    service = new RunningService();
    client = new CanvasClient(service.vertx().eventBus());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void bytesAreEqualInTheStoreRedisTheBusAndHttp() throws Exception {
    service.put(200);
    String stored = service.document(200);
    assertEquals(stored, service.get("/api/products/200/media").body());
    assertEquals(
        stored, client.get(new ProductId(200)).await(30, TimeUnit.SECONDS).document().toString());
    assertEquals(stored, inRedis(200).substring(17));
    assertEquals(stored, service.get("/api/products/200/media").body());
  }

  @Test
  void clientReadsTypedMedia() throws Exception {
    service.put(201);
    ProductMedia media = client.get(new ProductId(201)).await(30, TimeUnit.SECONDS);
    assertEquals(new ProductId(201), media.productId());
    assertEquals(
        List.of("Left \"side\"", "On foot", "Right"),
        media.items().stream().map(item -> item.alt()).toList());
  }

  @Test
  void clientReportsAMissingProductAsAProblem() {
    ProblemException missing =
        assertThrows(
            ProblemException.class,
            () -> client.get(new ProductId(777_777)).await(30, TimeUnit.SECONDS));
    assertEquals(Problem.PRODUCT_NOT_FOUND, missing.problem());
  }

  @Test
  void clientReadsABatch() throws Exception {
    service.put(202);
    service.put(203);
    CanvasClient.Batch batch =
        client
            .batch(List.of(new ProductId(203), new ProductId(777_777), new ProductId(202)))
            .await(30, TimeUnit.SECONDS);
    assertEquals(
        List.of(new ProductId(203), new ProductId(202)),
        batch.found().stream().map(ProductMedia::productId).toList());
    assertEquals(List.of(new ProductId(777_777)), batch.missing());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"product_id\":-1}",
        "{\"product_id\":\"1\"}",
        "{\"product_id\":1.5}",
        "{\"product_id\":9007199254740992}",
        "{\"product_id\":null}"
      })
  void malformedRequestFailsWithItsStatusAndAProblem(String body) {
    ReplyException refused = failure(Addresses.MEDIA_GET, new JsonObject(body));
    assertEquals(400, refused.failureCode());
    assertEquals(400, new JsonObject(refused.getMessage()).getInteger("status"));
  }

  @Test
  void emptyOrTooLargeBatchIsRefused() {
    JsonArray many = new JsonArray();
    for (int id = 0; id <= 100; id++) {
      many.add(id);
    }
    for (Object ids : new Object[] {new JsonArray(), many, "1,2", null}) {
      ReplyException refused =
          failure(Addresses.MEDIA_BATCH, new JsonObject().put("product_ids", ids));
      assertEquals(400, refused.failureCode());
    }
  }

  @Test
  void bodyThatIsNotAnObjectIsRefused() {
    assertEquals(400, failure(Addresses.MEDIA_GET, "42").failureCode());
    assertEquals(400, failure(Addresses.MEDIA_GET, null).failureCode());
  }

  @Test
  void missingProductFailsWith404() {
    JsonObject body = new JsonObject().put("product_id", 777_777);
    assertEquals(404, failure(Addresses.MEDIA_GET, body).failureCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canvas.seed.start",
        "canvas.seed.status",
        "canvas.seed.cancel",
        "canvas.verticles"
      })
  void whatOperatorsSendIsAnsweredAsDocumented(String address) throws Exception {
    DocumentedMessages documented = DocumentedMessages.at(address);
    if (address.equals(Addresses.SEED_CANCEL)) {
      await().atMost(Duration.ofSeconds(60)).until(BusIT::beginsALongLoad);
    }
    for (JsonObject example : documented.examples()) {
      JsonObject answer =
          service
              .vertx()
              .eventBus()
              .<JsonObject>request(address, example)
              .map(Message::body)
              .await(30, TimeUnit.SECONDS);
      assertTrue(documented.permits(answer), example + " -> " + answer);
    }
    documented
        .failures()
        .forEach(
            (status, failure) -> {
              JsonObject example = failure.getJsonObject("example");
              if (example != null) {
                assertEquals(status, failure(address, example).failureCode(), example::encode);
              }
            });
  }

  /** Whether it did; not while another load runs, which it then ends. */
  private static boolean beginsALongLoad() throws TimeoutException {
    // CouchDB cannot replace what it holds.
    boolean replaces = !service.store.tier().equals("couchdb");
    JsonObject load = new JsonObject().put("rows", 5_000_000).put("truncate", replaces);
    try {
      service.vertx().eventBus().request(Addresses.SEED_START, load).await(30, TimeUnit.SECONDS);
      return true;
    } catch (ReplyException busy) {
      assertEquals(409, busy.failureCode(), busy::getMessage);
      service.vertx().eventBus().send(Addresses.SEED_CANCEL, new JsonObject());
      return false;
    }
  }

  private static ReplyException failure(String address, Object body) {
    return assertThrows(
        ReplyException.class,
        () -> service.vertx().eventBus().request(address, body).await(30, TimeUnit.SECONDS));
  }

  private static String inRedis(long productId) throws Exception {
    Redis redis = Redis.createClient(service.vertx(), TestServers.shared().redisUri());
    String generation = Long.toString(service.store.generation());
    String key =
        redis
            .send(Request.cmd(Command.KEYS).arg("canvas:*:" + generation + ":m:" + productId))
            .await(30, TimeUnit.SECONDS)
            .get(0)
            .toString();
    return redis.send(Request.cmd(Command.GET).arg(key)).await(30, TimeUnit.SECONDS).toString();
  }
}
