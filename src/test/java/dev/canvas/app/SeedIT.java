package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.server.SeedWiring;
import dev.canvas.bus.Addresses;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.SeedLauncher;
import dev.canvas.seed.SeedRun;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.testing.TestServers;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading the store of a running service. */
class SeedIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String INDEXES =
      "select string_agg(indexdef, '; ' order by indexname) from pg_indexes"
          + " where tablename = 'product_media'";

  private final RunningService service =
      new RunningService(Map.of("CANVAS_CACHE_NEAR_ENABLED", "true"));
  private final SeedLauncher seeder = SeedWiring.launcher(service.vertx(), configuration());

  @TempDir private Path directory;

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void aNewCatalogueReplacesTheOldOneWithEverythingAroundIt() throws Exception {
    service.put(7);
    service.put(5_000_000);
    service.database().execute("create index \"By Version\" on product_media (version desc)");
    service
        .database()
        .execute(
            "create unique index by_both on product_media (product_id, version) where version > 0");
    String indexes = query(INDEXES);
    service.database().execute("create role reader_of_" + role());
    service.database().execute("grant select on product_media, shoe_images to reader_of_" + role());
    long before = Long.parseLong(version(7));
    assertEquals(SeedProgress.Phase.DONE, run(generate(3_000, true)).phase());

    assertEquals(404, get(5_000_000).statusCode());
    assertEquals(9, new JsonObject(get(7).body()).getJsonArray("media").size());
    assertTrue(Long.parseLong(version(7)) > before);
    assertEquals("3000", query("select count(distinct product_id) from product_media"));
    assertEquals(
        "7",
        query(
            "select count(*) from pg_attribute a where attrelid = 'shoe_images'::regclass and attname like 'img%'"));
    assertEquals("", query("select coalesce(to_regclass('product_media_old')::text, '')"));
    assertEquals(
        "t",
        query(
            "select has_table_privilege('reader_of_%s', 'product_media', 'select') and"
                    .formatted(role())
                + " has_table_privilege('reader_of_%s', 'shoe_images', 'select')"
                    .formatted(role())));
    service
        .database()
        .execute("drop owned by reader_of_" + role() + "; drop role reader_of_" + role());

    assertEquals(indexes, query(INDEXES));

    // Writing goes on in the new one, by HTTP and by SQL, and every cache hears of it.
    long seeded = Long.parseLong(version(7));
    assertEquals(200, put(7, "/new.jpg").statusCode());
    assertTrue(Long.parseLong(version(7)) > seeded);
    assertTrue(get(7).body().contains("/new.jpg"));
    service.database().execute("update shoe_images set img1 = '/by-sql.jpg' where shoe_id = 8");
    await().atMost(TIMEOUT).until(() -> get(8).body().contains("/by-sql.jpg"));
  }

  @Test
  void readersNeverSeeTheOldAfterTheNewNorAfterTheEnd() throws Exception {
    run(generate(500, true));
    AtomicBoolean ended = new AtomicBoolean();
    AtomicReference<String> wrong = new AtomicReference<>();
    CountDownLatch warm = new CountDownLatch(4);
    List<Thread> readers = new ArrayList<>();
    long newest = Long.parseLong(query("select max(version) from product_media"));
    for (int i = 0; i < 4; i++) {
      int offset = i;
      Thread reader =
          new Thread(
              () -> {
                boolean seenNew = false;
                for (int n = 0; wrong.get() == null && n < 1_000_000; n++) {
                  boolean mustBeNew = ended.get() || seenNew;
                  boolean last = ended.get() && n % 200 == 0;
                  HttpResponse<String> answer = get(1 + (n * 7 + offset) % 50);
                  if (answer.statusCode() != 200) {
                    wrong.compareAndSet(null, answer.statusCode() + ": " + answer.body());
                    break;
                  }
                  boolean isNew = new JsonObject(answer.body()).getLong("version") > newest;
                  if (mustBeNew && !isNew) {
                    wrong.compareAndSet(
                        null, "old after new: " + answer.headers().map().get("cache-status"));
                  }
                  seenNew |= isNew;
                  if (n == 300) {
                    warm.countDown();
                  }
                  if (last) {
                    break;
                  }
                }
              });
      readers.add(reader);
      reader.start();
    }
    assertTrue(warm.await(60, TimeUnit.SECONDS));
    assertEquals(SeedProgress.Phase.DONE, run(generate(600, true)).phase());
    ended.set(true);
    for (Thread reader : readers) {
      reader.join(60_000);
    }
    assertEquals(null, wrong.get());
    // The caches answer again.
    await()
        .atMost(TIMEOUT)
        .until(() -> get(3).headers().firstValue("cache-status").orElse("").contains("hit"));
  }

  @Test
  void whileAllIsReplacedReadsGoOnAndWritesAreToldToComeAgain() throws Exception {
    run(generate(100, true));
    SeedRun slow = seeder.begin(generate(200_000, true), progress -> {});
    HttpResponse<String> refused = put(7, "/lost.jpg");
    assertEquals(503, refused.statusCode(), refused.body());
    assertTrue(refused.headers().firstValue("Retry-After").isPresent());
    assertTrue(refused.body().contains("being replaced"), refused.body());
    assertEquals(200, get(7).statusCode());
    ProblemException second =
        assertThrows(
            ProblemException.class, () -> seeder.begin(generate(5, false), progress -> {}));
    assertEquals(Problem.SEEDER_BUSY, second.problem());
    assertTrue(second.getMessage().contains("canvas seed (process "), second.getMessage());
    slow.cancel();
    assertEquals(SeedProgress.Phase.CANCELLED, slow.run().phase());
    assertEquals(200, put(7, "/kept.jpg").statusCode());
    assertEquals("100", query("select count(*) from product_media"));

    // What was written since the load was cancelled is replaced, by a newer version.
    long written = Long.parseLong(version(7));
    assertEquals(SeedProgress.Phase.DONE, run(SeedRequest.resumeLast()).phase());
    assertEquals("200000", query("select count(*) from product_media"));
    assertTrue(Long.parseLong(version(7)) > written);
    assertFalse(get(7).body().contains("/kept.jpg"));
  }

  @Test
  void whatGoesBesideTheOthersKeepsReplacesOrRefuses() throws Exception {
    put(1, "/old-1.jpg");
    put(2, "/old-2.jpg");
    assertEquals(204, service.request("DELETE", "/api/products/2/media").statusCode());
    Path file = directory.resolve("some.ndjson");
    Files.writeString(
        file,
        """
        {"product_id":1,"media":[{"type":"image","url":"/first.jpg"}]}
        {"product_id":2,"media":[{"id":2000000,"type":"image","url":"/new-2.jpg"}]}
        no product
        {"product_id":1,"media":[{"type":"image","url":"/new-1.jpg"}]}
        """);
    assertEquals(SeedProgress.Phase.FAILED, run(file(file, "refuse")).phase());
    assertEquals(404, get(2).statusCode());

    SeedProgress kept = run(file(file, "keep"));
    assertEquals(SeedProgress.Phase.DONE, kept.phase(), kept::detail);
    assertEquals(1, kept.rejected());
    assertTrue(
        Files.readString(Path.of(file + ".rejects")).startsWith("line 3: "),
        Files.readString(Path.of(file + ".rejects")));
    assertTrue(get(1).body().contains("/old-1.jpg"));
    assertTrue(get(2).body().contains("/new-2.jpg"));
    assertEquals("t", query("select last_value > 2000000 from media_item_id"));

    assertEquals(SeedProgress.Phase.DONE, run(file(file, "replace")).phase());
    assertTrue(get(1).body().contains("/new-1.jpg"));
    String replaced = version(1);
    assertEquals(SeedProgress.Phase.DONE, run(file(file, "replace")).phase());
    assertEquals(replaced, version(1), "what is the same stays the same");
    assertEquals("0", query("select count(*) from media_outbox"));
  }

  @Test
  void anIdThatWasLoadedOutOfABlockThatTheServiceHoldsIsNeverGivenAgain() throws Exception {
    String items = "/api/products/3/media/items";
    assertEquals(201, service.write("POST", items, BulkIT.item(0)).statusCode());
    long held = BulkIT.itemIds(service, 3).get(0);
    Path file =
        Files.writeString(directory.resolve("ids.ndjson"), BulkIT.line(3, BulkIT.item(held + 2)));
    assertEquals(SeedProgress.Phase.DONE, run(file(file, "replace")).phase());
    assertEquals(204, service.request("DELETE", items + "/" + (held + 2)).statusCode());
    for (int i = 0; i < 5; i++) {
      assertEquals(201, service.write("POST", items, BulkIT.item(0)).statusCode());
    }
    assertFalse(BulkIT.itemIds(service, 3).contains(held + 2));
  }

  @Test
  void aVacuumOfTheOldCatalogueIsWaitedForAndReadersAreNot() throws Exception {
    run(generate(100, true));
    try (Connection vacuum = service.database().dataSource().getConnection();
        Statement statement = vacuum.createStatement()) {
      vacuum.setAutoCommit(false);
      // What a vacuum holds.
      statement.execute("lock table product_media in share update exclusive mode");
      SeedRun swapping = seeder.begin(generate(200, true), progress -> {});
      Thread running = new Thread(swapping::run);
      running.start();
      // So a vacuum that is automatic is told to give way.
      await()
          .atMost(TIMEOUT)
          .until(
              () ->
                  query(
                          "select count(*) from pg_locks where relation = 'product_media'::regclass"
                              + " and mode = 'ShareUpdateExclusiveLock' and not granted")
                      .equals("1"));
      assertEquals(200, get(7).statusCode());
      vacuum.rollback();
      running.join(TIMEOUT.toMillis());
      assertEquals(SeedProgress.Phase.DONE, swapping.progress().phase());
    }
    assertEquals("200", query("select count(*) from product_media"));
    assertEquals(
        "",
        query(
            "select coalesce(array_to_string(reloptions, ','), '') from pg_class"
                + " where oid = 'product_media'::regclass"));
  }

  @Test
  void theBusEndsALoadAndAnotherGoesOnWithItsOwnSourceAlone() throws Exception {
    JsonObject wanted = new JsonObject().put("rows", 3_000_000).put("truncate", true);
    assertEquals("loading", ask(Addresses.SEED_START, wanted).getString("phase"));
    await()
        .atMost(TIMEOUT)
        .until(() -> ask(Addresses.SEED_STATUS, new JsonObject()).getLong("loaded") > 0);
    ask(Addresses.SEED_CANCEL, new JsonObject());
    await().atMost(TIMEOUT).until(() -> seeder.last().phase() == SeedProgress.Phase.CANCELLED);
    ProblemException other =
        assertThrows(
            ProblemException.class,
            () ->
                seeder.begin(
                    SeedRequest.of(new JsonObject().put("rows", 5).put("resume", true)),
                    progress -> {}));
    assertTrue(other.getMessage().contains("3000000 generated products"), other.getMessage());
    SeedRun again = seeder.begin(SeedRequest.of(wanted.copy().put("resume", true)), progress -> {});
    again.cancel();
    again.run();
    ReplyException nothing =
        assertThrows(ReplyException.class, () -> ask(Addresses.SEED_CANCEL, new JsonObject()));
    assertEquals(409, nothing.failureCode());
  }

  @Test
  void aLoadThatGoesOnMayBeAllowedMoreRejects() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("some-bad.ndjson"),
            "{\"product_id\":1}\n".repeat(3) + "{\"product_id\":2,\"media\":[]}\n");
    JsonObject request = file(file, "replace").toJson().put("max_errors", 0);
    assertEquals(SeedProgress.Phase.FAILED, run(SeedRequest.of(request)).phase());
    assertEquals(SeedProgress.Phase.FAILED, run(SeedRequest.resumeLast()).phase());
    JsonObject more = new JsonObject().put("resume", true).put("max_errors", 3);
    SeedProgress done = run(SeedRequest.of(more));
    assertEquals(SeedProgress.Phase.DONE, done.phase(), done::detail);
    assertEquals(3, done.rejected());
  }

  @Test
  void ofSeveralLinesOfAProductTheLastCountsInANewCatalogueToo() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      lines.append(
          "{\"product_id\":%d,\"media\":[{\"type\":\"image\",\"url\":\"/%d.jpg\"}]}%n"
              .formatted(i % 10, i));
    }
    Path file = directory.resolve("repeated.ndjson");
    Files.writeString(file, lines);
    JsonObject request = file(file, "replace").toJson().put("truncate", true).put("batch", 64);
    assertEquals(SeedProgress.Phase.DONE, run(SeedRequest.of(request)).phase());
    assertEquals("10", query("select count(*) from product_media"));
    for (int id = 0; id < 10; id++) {
      assertTrue(get(id).body().contains("/99" + id + ".jpg"), get(id).body());
    }
  }

  @Test
  void tooManyBadLinesStopTheLoadAndNothingIsReplacedByNothing() throws Exception {
    service.put(1);
    Path file = directory.resolve("bad.ndjson");
    Files.writeString(file, "{\"product_id\":1}\n".repeat(20));
    JsonObject request = file(file, "replace").toJson().put("truncate", true);
    SeedProgress few = run(SeedRequest.of(request.copy().put("max_errors", 5)));
    assertEquals(SeedProgress.Phase.FAILED, few.phase());
    assertTrue(few.detail().contains("--max-errors"), few.detail());
    SeedProgress none = run(SeedRequest.of(request.copy().put("max_errors", 50)));
    assertEquals(SeedProgress.Phase.FAILED, none.phase());
    assertTrue(none.detail().contains("has no product"), none.detail());
    assertEquals(200, get(1).statusCode());
  }

  @Test
  void theTableOfTheFirstServiceIsAdopted() throws Exception {
    service
        .database()
        .execute(
            "drop view shoe_images; create table shoe_images (id int primary key, shoe_id int,"
                + " img1 text, img2 text, img3 text, img4 text, img5 text, img6 text, img7 text,"
                + " vid1 text, vid2 text);"
                + " insert into shoe_images (id, shoe_id, img1, vid1) values"
                + " (1, 42, 'https://a.example/old.jpg', null),"
                + " (2, 42, 'https://a.example/new.jpg', 'https://a.example/v.webm'),"
                + " (3, 43, 'https://a.example/43.jpg', ''), (4, null, '/x.jpg', null)");
    JsonObject request = new JsonObject().put("from_table", true).put("on_conflict", "keep");
    SeedProgress adopted = run(SeedRequest.of(request));
    assertEquals(SeedProgress.Phase.DONE, adopted.phase(), adopted::detail);
    assertEquals(2, adopted.loaded());
    assertEquals(
        "{\"shoe_id\":42,\"source\":\"database\",\"data\":[\"https://a.example/new.jpg\"],"
            + "\"videos\":[\"https://a.example/v.webm\"]}",
        service.get("/api/images?shoe_id=42").body());
    assertEquals(
        "https://a.example/43.jpg", query("select img1 from shoe_images where shoe_id = 43"));
    assertEquals("4", query("select count(*) from shoe_images_adopted"));
  }

  @Test
  void theBusStartsItTellsOfItAndTheManagementPortKnows() throws Exception {
    assertTrue(service.management("/seed").body().contains("\"phase\":\"idle\""));
    List<JsonObject> told = new ArrayList<>();
    service
        .vertx()
        .eventBus()
        .<JsonObject>consumer(
            Addresses.SEED_PROGRESS,
            message -> {
              synchronized (told) {
                told.add(message.body());
              }
            });
    JsonObject started =
        service
            .vertx()
            .eventBus()
            .<JsonObject>request(
                Addresses.SEED_START, new JsonObject().put("rows", 2_000).put("truncate", true))
            .await(20, TimeUnit.SECONDS)
            .body();
    assertTrue(started.getLong("run") > 0, started.encode());
    await()
        .atMost(TIMEOUT)
        .until(
            () -> {
              synchronized (told) {
                return told.stream().anyMatch(each -> each.getString("phase").equals("done"));
              }
            });
    JsonObject last = new JsonObject(service.management("/seed").body());
    assertEquals("done", last.getString("phase"), last.encode());
    assertEquals(2_000, last.getLong("loaded"), last.encode());
    assertEquals(200, get(1_999).statusCode());
  }

  @Test
  void aKilledLoadGoesOnWithoutAProductLostOrDoubled() throws Exception {
    Map<String, String> environment =
        Map.of(
            "CANVAS_POSTGRES_URI", service.database().uri(),
            "CANVAS_REDIS_URI", TestServers.shared().redisUri());
    int rows = 120_000;
    for (String[] options :
        new String[][] {{"--truncate", "--batch", "2000"}, {"--batch", "500"}}) {
      List<String> arguments = new ArrayList<>(List.of("seed", "--rows", "" + rows));
      arguments.addAll(List.of(options));
      CanvasProcess killed = new CanvasProcess(environment, arguments.toArray(String[]::new));
      await()
          .atMost(TIMEOUT)
          .until(
              () ->
                  Long.parseLong(
                          query(
                              "select coalesce(sum(loaded), 0) from seed_chunk"
                                  + " where run = (select max(id) from seed_run where state = 'loading')"))
                      > rows * 0.2);
      killed.kill();
      killed.exitCode(TIMEOUT);
      await().atMost(TIMEOUT).until(() -> seeder.last().phase() == SeedProgress.Phase.INTERRUPTED);
      CanvasProcess resumed = new CanvasProcess(environment, "seed", "--resume");
      assertEquals(0, resumed.exitCode(TIMEOUT), resumed::output);
      assertEquals(
          rows + " " + rows,
          query("select count(*) || ' ' || count(distinct product_id) from product_media"));
      assertEquals(200, put(rows, "/after.jpg").statusCode());
      service.database().execute("delete from product_media where product_id > 50");
    }
  }

  @Test
  void aTerminatedLoadIsCancelledAndSaysHowToContinue() throws Exception {
    Map<String, String> environment =
        Map.of(
            "CANVAS_POSTGRES_URI", service.database().uri(),
            "CANVAS_REDIS_URI", TestServers.shared().redisUri());
    CanvasProcess seed =
        new CanvasProcess(environment, "seed", "--rows", "5000000", "--truncate", "--batch", "500");
    await().atMost(TIMEOUT).until(() -> !query("select count(*) from seed_chunk").equals("0"));
    seed.terminate();
    seed.exitCode(TIMEOUT);
    assertTrue(
        seed.output().contains("Interrupted; ./canvas seed --resume continues the load"),
        seed.output());
    assertEquals(SeedProgress.Phase.CANCELLED, seeder.last().phase());
  }

  private JsonObject ask(String address, JsonObject body) throws Exception {
    return service
        .vertx()
        .eventBus()
        .<JsonObject>request(address, body)
        .await(20, TimeUnit.SECONDS)
        .body();
  }

  private SeedProgress run(SeedRequest request) throws Exception {
    return seeder.begin(request, progress -> {}).run();
  }

  private static SeedRequest generate(long rows, boolean truncate) {
    return SeedRequest.of(new JsonObject().put("rows", rows).put("truncate", truncate));
  }

  private static SeedRequest file(Path file, String onConflict) {
    return SeedRequest.of(
        new JsonObject().put("file", file.toString()).put("on_conflict", onConflict));
  }

  private HttpResponse<String> get(long productId) {
    return service.get("/api/products/" + productId + "/media");
  }

  private HttpResponse<String> put(long productId, String url) {
    return service.write(
        "PUT",
        "/api/products/" + productId + "/media",
        "{\"media\":[{\"type\":\"image\",\"url\":\"" + url + "\"}]}");
  }

  private String version(long productId) {
    return query("select version from product_media where product_id = " + productId);
  }

  private String query(String sql) {
    return service.database().query(sql);
  }

  /** Roles belong to the whole server, which several tests may share. */
  private String role() {
    return service.database().uri().replaceFirst(".*/", "");
  }

  private Configuration configuration() {
    return Configuration.load(
        null,
        Map.of(
            "CANVAS_POSTGRES_URI", service.database().uri(),
            "CANVAS_REDIS_URI", TestServers.shared().redisUri()));
  }
}
