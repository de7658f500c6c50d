package dev.canvas.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.Addresses;
import dev.canvas.client.CanvasClient;
import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaRules;
import dev.canvas.media.MediaService;
import dev.canvas.media.Outcome;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.Written;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The writes of other services over the event bus. */
class JsonRequestsTest {

  private static final ProductId ID = new ProductId(42);
  private static final MediaItem PICTURE = MediaItem.file(MediaItem.Type.IMAGE, "/1.jpg");

  private final Vertx vertx = Vertx.vertx();
  private final Recording service = new Recording();
  private final CanvasClient client = new CanvasClient(vertx.eventBus());

  @BeforeEach
  void register() throws Exception {
    Codecs.register(vertx.eventBus());
    new MediaConsumers(vertx, service, new MediaRules(false))
        .register()
        .await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void eachMethodOfTheClientSendsItsChange() throws Exception {
    CanvasClient atSeven = client.ifVersion(7);
    Precondition seven = Precondition.version(Set.of(7L));
    await(client.put(ID, List.of(PICTURE, PICTURE)));
    assertEquals(
        new Change.Replace(ID, List.of(PICTURE, PICTURE), Precondition.NONE), service.change);
    await(client.ifVersion(0).put(ID, List.of()));
    assertEquals(new Change.Replace(ID, List.of(), Precondition.ABSENT), service.change);
    await(client.add(ID, PICTURE));
    assertEquals(
        new Change.Add(ID, PICTURE, OptionalInt.empty(), Precondition.NONE), service.change);
    await(atSeven.add(ID, PICTURE, 2));
    assertEquals(new Change.Add(ID, PICTURE, OptionalInt.of(2), seven), service.change);
    await(atSeven.update(ID, 1_002, new JsonObject().putNull("alt")));
    Change.Update update = (Change.Update) service.change;
    assertEquals("{\"alt\":null}", update.patch().json());
    assertEquals(1_002, update.itemId());
    assertEquals(seven, update.precondition());
    await(client.remove(ID, 1_002));
    assertEquals(new Change.Remove(ID, 1_002, Precondition.NONE), service.change);
    await(client.order(ID, List.of(3L, ProductId.MAX)));
    assertEquals(
        new Change.Order(ID, List.of(3L, ProductId.MAX), Precondition.NONE), service.change);
    assertEquals(9L, await(atSeven.delete(ID)));
    assertEquals(new Change.Delete(ID, seven), service.change);
  }

  @Test
  void theReplyToAWriteIsTheDocument() throws Exception {
    ProductMedia after = await(client.put(ID, List.of(PICTURE)));
    assertEquals("{\"product_id\":42,\"version\":9,\"media\":[]}", after.document().toString());
    JsonObject deleted = request(Addresses.MEDIA_DELETE, "{\"product_id\":42}");
    assertEquals("{\"product_id\":42,\"version\":9}", deleted.encode());
  }

  @Test
  void aProblemArrivesWithItsMembers() {
    service.problem = Problem.ORDER_MISMATCH.because("Not those").with("missing", List.of(1));
    ProblemException received =
        assertThrows(ProblemException.class, () -> await(client.order(ID, List.of())));
    assertEquals(Problem.ORDER_MISMATCH, received.problem());
    assertEquals("[1]", received.toJson().getJsonArray("missing").encode());
    ProblemException invalid =
        assertThrows(
            ProblemException.class,
            () -> await(client.update(ID, 1, new JsonObject().put("colour", 1))));
    assertEquals(
        "/colour", invalid.toJson().getJsonArray("errors").getJsonObject(0).getString("pointer"));
  }

  @Test
  void aWriteWithoutAnAnswerHasAnUnknownOutcome() {
    service.silent = true;
    ProblemException unknown = assertThrows(ProblemException.class, () -> await(client.delete(ID)));
    assertEquals(Problem.OUTCOME_UNKNOWN, unknown.problem());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"product_id\":-1}",
        "{\"product_id\":42,\"if_version\":\"7\"}",
        "{\"product_id\":42,\"if_version\":-1}",
        "{\"product_id\":42,\"if_version\":null}",
        "{\"product_id\":42,\"if_versoin\":7}"
      })
  void aMalformedWriteIsRefused(String body) {
    assertRefused(400, Addresses.MEDIA_PUT, put(body));
    assertRefused(400, Addresses.MEDIA_DELETE, body);
    JsonObject patch = new JsonObject(body).put("op", "order").put("order", List.of());
    assertRefused(400, Addresses.MEDIA_PATCH, patch.encode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|{\"product_id\":42}",
        "400|{\"product_id\":42,\"op\":\"explode\"}",
        "400|{\"product_id\":42,\"op\":7}",
        "400|{\"product_id\":42,\"op\":\"remove\"}",
        "400|{\"product_id\":42,\"op\":\"remove\",\"item\":0}",
        "400|{\"product_id\":42,\"op\":\"remove\",\"item\":\"1\"}",
        "400|{\"product_id\":42,\"op\":\"add\"}",
        "400|{\"product_id\":42,\"op\":\"add\",\"value\":[]}",
        "400|{\"product_id\":42,\"op\":\"add\",\"value\":{\"type\":\"image\",\"url\":\"/1\"},\"position\":-1}",
        "400|{\"product_id\":42,\"op\":\"update\",\"value\":{}}",
        "422|{\"product_id\":42,\"op\":\"add\",\"value\":{}}",
        "422|{\"product_id\":42,\"op\":\"add\",\"value\":{\"type\":\"image\",\"url\":\"http://a.example/\"}}",
        "422|{\"product_id\":42,\"op\":\"update\",\"item\":1,\"value\":{\"width\":\"8\"}}",
        "422|{\"product_id\":42,\"op\":\"order\"}",
        "422|{\"product_id\":42,\"op\":\"order\",\"order\":[\"1\"]}"
      })
  void aPatchWithInvalidMembersIsRefused(int status, String body) {
    assertRefused(status, Addresses.MEDIA_PATCH, body);
  }

  @Test
  void aPutOfInvalidMediaIsRefused() {
    assertRefused(422, Addresses.MEDIA_PUT, "{\"product_id\":42}");
    assertRefused(422, Addresses.MEDIA_PUT, "{\"product_id\":42,\"media\":7}");
    assertRefused(422, Addresses.MEDIA_PUT, "{\"product_id\":42,\"media\":[{\"type\":\"gif\"}]}");
  }

  private static String put(String body) {
    return new JsonObject(body).put("media", List.of()).encode();
  }

  private void assertRefused(int status, String address, String body) {
    ReplyException refused = assertThrows(ReplyException.class, () -> request(address, body));
    assertEquals(status, refused.failureCode(), refused.getMessage());
    assertTrue(service.change == null, "written");
  }

  private JsonObject request(String address, String body) throws Exception {
    return await(vertx.eventBus().<JsonObject>request(address, new JsonObject(body))).body();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(10, TimeUnit.SECONDS);
  }

  /** Records the last change and answers that it was made. */
  private static final class Recording implements MediaService {
    private volatile Change change;
    private volatile ProblemException problem;
    private volatile boolean silent;

    @Override
    public Future<Written> write(Change requested) {
      if (problem != null) {
        return Future.failedFuture(problem);
      }
      change = requested;
      Optional<ProductMedia> media =
          requested instanceof Change.Delete
              ? Optional.empty()
              : Optional.of(ProductMedia.splice(ID, 9, Buffer.buffer("[]")));
      return silent
          ? io.vertx.core.Promise.<Written>promise().future()
          : Future.succeededFuture(
              new Written(ID, 9, Written.Effect.CHANGED, media, OptionalLong.empty()));
    }

    @Override
    public Future<Lookup> get(ProductId productId) {
      return Future.failedFuture("not used here");
    }

    @Override
    public Future<List<Lookup>> batch(List<ProductId> productIds) {
      return Future.failedFuture("not used here");
    }

    @Override
    public Future<List<Lookup>> page(ProductId from, int limit) {
      return Future.failedFuture("not used here");
    }

    @Override
    public Future<List<Outcome>> writeAll(List<Change> changes) {
      return Future.failedFuture("not used here");
    }
  }
}
