package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.client.Addresses;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.SeedRun;
import dev.canvas.seed.target.SeedProgress;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Loading a Postgres store. */
class SeedIT extends SeedContract {

  private static final String INDEXES =
      "select string_agg(indexdef, '; ' order by indexname) from pg_indexes"
          + " where tablename = 'product_media'";

  SeedIT() {
    super(new RunningService(Map.of("CANVAS_CACHE_NEAR_ENABLED", "true")));
  }

  @Test
  void aNewCatalogueKeepsIndexesPrivilegesAndTriggers() throws Exception {
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
            "select count(*) from pg_attribute a where attrelid = 'shoe_images'::regclass and"
                + " attname like 'img%'"));
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

    // Writes to the new catalogue, by HTTP and by SQL, reach every cache.
    long seeded = Long.parseLong(version(7));
    assertEquals(200, put(7, "/new.jpg").statusCode());
    assertTrue(Long.parseLong(version(7)) > seeded);
    assertTrue(get(7).body().contains("/new.jpg"));
    service.database().execute("update shoe_images set img1 = '/by-sql.jpg' where shoe_id = 8");
    await().atMost(TIMEOUT).until(() -> get(8).body().contains("/by-sql.jpg"));
  }

  /**
   * What may be attached to the table, as the refusal names it, and how to attach and remove it.
   */
  private static Map<String, List<String>> obstacles(String role) {
    String alter = "alter table product_media ";
    Map<String, List<String>> obstacles = new LinkedHashMap<>();
    obstacles.put(
        "foreign key by_product of notes",
        List.of(
            "create table notes (id bigint constraint by_product references product_media)",
            "drop table notes"));
    obstacles.put(
        "foreign key own of product_media",
        List.of(
            alter + "add constraint own foreign key (product_id) references product_media",
            alter + "drop constraint own"));
    obstacles.put(
        "constraint once of product_media",
        List.of(
            alter + "add constraint once unique (version, product_id)",
            alter + "drop constraint once"));
    obstacles.put(
        "publication of_one",
        List.of("create publication of_one for table product_media", "drop publication of_one"));
    obstacles.put(
        "publication of_all",
        List.of("create publication of_all for all tables", "drop publication of_all"));
    obstacles.put(
        "view mine", List.of("create view mine as select * from product_media", "drop view mine"));
    obstacles.put(
        "rule never",
        List.of(
            "create rule never as on delete to product_media do instead nothing",
            "drop rule never on product_media"));
    obstacles.put(
        "row level security",
        List.of(alter + "enable row level security", alter + "disable row level security"));
    obstacles.put(
        "policy own_rows",
        List.of(
            "create policy own_rows on product_media", "drop policy own_rows on product_media"));
    obstacles.put(
        "inheritance with parts",
        List.of("create table parts () inherits (product_media)", "drop table parts"));
    obstacles.put(
        "grants on the column media",
        List.of(
            "create role %1$s; grant select (media) on product_media to %1$s".formatted(role),
            "drop owned by %1$s; drop role %1$s".formatted(role)));
    obstacles.put(
        "trigger media_inserted",
        List.of(alter + "disable trigger media_inserted", alter + "enable trigger media_inserted"));
    return obstacles;
  }

  @Test
  void whatIsAttachedToTheTableIsCarriedOverOrRefusedByNameAtTheStart() throws Exception {
    for (Map.Entry<String, List<String>> obstacle : obstacles("reader_of_" + role()).entrySet()) {
      service.database().execute(obstacle.getValue().get(0));
      ProblemException refused =
          assertThrows(ProblemException.class, () -> begin(generate(10, true)), obstacle.getKey());
      assertTrue(refused.getMessage().contains(obstacle.getKey()), refused.getMessage());
      service.database().execute(obstacle.getValue().get(1));
    }
    String traits =
        "select obj_description('product_media'::regclass, 'pg_class') || ' '"
            + " || obj_description('by_version'::regclass, 'pg_class') || ' '"
            + " || array_to_string(t.reloptions, ',') || ' ' || array_to_string(e.reloptions, ',')"
            + " from pg_class t join pg_class e on e.oid = t.reltoastrelid"
            + " where t.oid = 'product_media'::regclass";
    service
        .database()
        .execute(
            "create index by_version on product_media (version);"
                + " comment on index by_version is 'it''s for the export';"
                + " comment on table product_media is 'of the shop''s';"
                + " alter table product_media set (fillfactor = 70,"
                + " autovacuum_vacuum_scale_factor = 0.5, toast.autovacuum_enabled = false)");
    String before = query(traits);
    assertTrue(before.contains("fillfactor=70"), before);
    run(generate(10, true), SeedProgress.Phase.DONE);
    assertEquals(before, query(traits));
    service.database().execute("alter table product_media set (autovacuum_enabled = false)");
    run(generate(10, true), SeedProgress.Phase.DONE);
    assertTrue(query(traits).contains("autovacuum_enabled=false "), query(traits));
  }

  @Test
  void noReaderGetsTheOldCatalogueAfterTheNewOneOrAfterTheEnd() throws Exception {
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
    // The caches are used again.
    await()
        .atMost(TIMEOUT)
        .until(() -> get(3).headers().firstValue("cache-status").orElse("").contains("hit"));
  }

  @Test
  void duringAReplacementReadsContinueAndWritesAreRefusedWithRetryAfter() throws Exception {
    run(generate(100, true));
    SeedRun slow = begin(generate(200_000, true));
    HttpResponse<String> refused = put(7, "/lost.jpg");
    assertEquals(503, refused.statusCode(), refused.body());
    assertTrue(refused.headers().firstValue("Retry-After").isPresent());
    assertTrue(refused.body().contains("replacing the whole catalogue"), refused.body());
    assertEquals(200, get(7).statusCode());
    ProblemException second = assertThrows(ProblemException.class, () -> begin(generate(5, false)));
    assertEquals(Problem.SEEDER_BUSY, second.problem());
    assertTrue(second.getMessage().contains("canvas seed (process "), second.getMessage());
    slow.cancel();
    assertEquals(SeedProgress.Phase.CANCELLED, slow.run().phase());
    assertEquals(200, put(7, "/kept.jpg").statusCode());
    assertEquals("100", query("select count(*) from product_media"));

    // The resumed load replaces what was written since, with a newer version.
    long written = Long.parseLong(version(7));
    assertEquals(SeedProgress.Phase.DONE, run(resume()).phase());
    assertEquals("200000", query("select count(*) from product_media"));
    assertTrue(Long.parseLong(version(7)) > written);
    assertFalse(get(7).body().contains("/kept.jpg"));
  }

  @Test
  void aMergeKeepsReplacesOrRefusesExistingProducts() throws Exception {
    put(1, "/old-1.jpg");
    put(2, "/old-2.jpg");
    assertEquals(204, service.request("DELETE", "/api/products/2/media").statusCode());
    Path file = Files.writeString(directory.resolve("some.ndjson"), RECORDS);
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
    assertEquals(replaced, version(1), "an equal product keeps its version");
    assertEquals("0", query("select count(*) from media_outbox"));
  }

  @Test
  void theSwapWaitsForAVacuumWithoutBlockingReaders() throws Exception {
    run(generate(100, true));
    try (Connection vacuum = service.database().dataSource().getConnection();
        Statement statement = vacuum.createStatement()) {
      vacuum.setAutoCommit(false);
      // The lock that a vacuum holds.
      statement.execute("lock table product_media in share update exclusive mode");
      SeedRun swapping = begin(generate(200, true));
      Thread running = new Thread(swapping::run);
      running.start();
      // An autovacuum would yield to this waiting lock.
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
  void aLoadCancelledOverTheBusIsResumedWithItsOwnSourceOnly() throws Exception {
    JsonObject wanted = new JsonObject().put("rows", 3_000_000).put("truncate", true);
    assertEquals("loading", ask(Addresses.SEED_START, wanted).getString("phase"));
    await()
        .atMost(TIMEOUT)
        .until(() -> ask(Addresses.SEED_STATUS, new JsonObject()).getLong("loaded") > 0);
    ask(Addresses.SEED_CANCEL, new JsonObject());
    await().atMost(TIMEOUT).until(() -> launcher.last().phase() == SeedProgress.Phase.CANCELLED);
    ProblemException other =
        assertThrows(ProblemException.class, () -> begin(generate(5).put("resume", true)));
    assertTrue(other.getMessage().contains("3000000 generated products"), other.getMessage());
    SeedRun again = begin(wanted.copy().put("resume", true));
    again.cancel();
    again.run();
    ReplyException nothing =
        assertThrows(ReplyException.class, () -> ask(Addresses.SEED_CANCEL, new JsonObject()));
    assertEquals(409, nothing.failureCode());
  }

  @Test
  void aResumedLoadMayTolerateMoreErrors() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("some-bad.ndjson"),
            "{\"product_id\":1}\n".repeat(3) + "{\"product_id\":2,\"media\":[]}\n");
    JsonObject request = file(file, "replace").put("max_errors", 0);
    assertEquals(SeedProgress.Phase.FAILED, run(request).phase());
    assertEquals(SeedProgress.Phase.FAILED, run(resume()).phase());
    JsonObject more = resume().put("max_errors", 3);
    SeedProgress done = run(more);
    assertEquals(SeedProgress.Phase.DONE, done.phase(), done::detail);
    assertEquals(3, done.rejected());
  }

  @Test
  void theLastRecordOfAProductWinsInANewCatalogueToo() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      lines.append(
          "{\"product_id\":%d,\"media\":[{\"type\":\"image\",\"url\":\"/%d.jpg\"}]}%n"
              .formatted(i % 10, i));
    }
    Path file = directory.resolve("repeated.ndjson");
    Files.writeString(file, lines);
    JsonObject request = file(file, "replace").put("truncate", true).put("batch", 64);
    assertEquals(SeedProgress.Phase.DONE, run(request).phase());
    assertEquals("10", query("select count(*) from product_media"));
    for (int id = 0; id < 10; id++) {
      assertTrue(get(id).body().contains("/99" + id + ".jpg"), get(id).body());
    }
  }

  @Test
  void tooManyInvalidRecordsOrNoProductFailTheLoadAndKeepTheCatalogue() throws Exception {
    service.put(1);
    Path file = directory.resolve("bad.ndjson");
    Files.writeString(file, "{\"product_id\":1}\n".repeat(20));
    JsonObject request = file(file, "replace").put("truncate", true);
    SeedProgress few = run(request.copy().put("max_errors", 5));
    assertEquals(SeedProgress.Phase.FAILED, few.phase());
    assertTrue(few.detail().contains("--max-errors"), few.detail());
    SeedProgress none = run(request.copy().put("max_errors", 50));
    assertEquals(SeedProgress.Phase.FAILED, none.phase());
    assertTrue(none.detail().contains("has no product"), none.detail());
    SeedProgress merged = run(file(file, "replace").put("max_errors", 50));
    assertEquals(SeedProgress.Phase.FAILED, merged.phase());
    assertTrue(merged.detail().contains("all 20 records are invalid"), merged.detail());
    Files.writeString(file, "shoe_id,img1\n");
    SeedProgress blank = run(file(file, "replace"));
    assertTrue(blank.detail().contains("has no product"), blank.detail());
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
                + " (1, 42, 'https://a.example/new.jpg', 'https://a.example/v.webm'),"
                + " (2, 42, 'https://a.example/other.jpg', null), (5, 42, null, null),"
                + " (3, 43, 'https://a.example/43.jpg', ''), (4, null, '/x.jpg', null),"
                + " (6, 44, ' ', null), (7, 44, '/7.jpg', null), (8, 44, '/8.jpg', null),"
                + " (9, 44, '', null), (10, 45, null, ''), (11, 45, null, null),"
                + " (12, 46, '/12.jpg', 'javascript:x')");
    JsonObject request = new JsonObject().put("from_table", true).put("on_conflict", "keep");
    service.database().execute("create table shoe_images_adopted ()");
    assertTrue(
        assertThrows(ProblemException.class, () -> begin(request))
            .getMessage()
            .contains("shoe_images_adopted"));
    service.database().execute("drop table shoe_images_adopted");
    SeedProgress adopted = run(request.copy().put("keep_good", true));
    assertEquals(SeedProgress.Phase.DONE, adopted.phase(), adopted::detail);
    assertEquals(5, adopted.loaded());
    assertEquals(
        "6 rows were left out, because their 3 shoes have another row that the first service"
            + " showed; 1 rows were left out without a shoe_id; 1 products were loaded without"
            + " their invalid items, see shoe_images.rejects",
        adopted.detail());
    assertTrue(get(44).body().contains("/8.jpg"), get(44).body());
    assertTrue(get(45).body().contains("\"media\":[]"), get(45).body());
    assertTrue(get(46).body().contains("/12.jpg"), get(46).body());
    assertEquals(
        "{\"shoe_id\":42,\"source\":\"database\",\"data\":[\"https://a.example/new.jpg\"],"
            + "\"videos\":[\"https://a.example/v.webm\"]}",
        service.get("/api/images?shoe_id=42").body());
    assertEquals(
        "https://a.example/43.jpg", query("select img1 from shoe_images where shoe_id = 43"));
    assertEquals("12", query("select count(*) from shoe_images_adopted"));
  }

  @Test
  void aLoadStartedOverTheBusReportsThereAndOnTheManagementPort() throws Exception {
    assertTrue(service.management("/seed").body().contains("\"phase\":\"idle\""));
    List<JsonObject> reports = new ArrayList<>();
    service
        .vertx()
        .eventBus()
        .<JsonObject>consumer(
            Addresses.SEED_PROGRESS,
            message -> {
              synchronized (reports) {
                reports.add(message.body());
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
              synchronized (reports) {
                return reports.stream().anyMatch(each -> each.getString("phase").equals("done"));
              }
            });
    JsonObject last = new JsonObject(service.management("/seed").body());
    assertEquals("done", last.getString("phase"), last.encode());
    assertEquals(2_000, last.getLong("loaded"), last.encode());
    assertEquals(200, get(1_999).statusCode());
  }

  @Test
  void aKilledLoadIsResumedWithoutLosingOrRepeatingAProduct() throws Exception {
    Map<String, String> environment = environment(service);
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
                              "select coalesce(sum(loaded), 0) from seed_chunk where run = (select"
                                  + " max(id) from seed_run where state = 'loading')"))
                      > rows * 0.2);
      killed.kill();
      killed.exitCode(TIMEOUT);
      await()
          .atMost(TIMEOUT)
          .until(() -> launcher.last().phase() == SeedProgress.Phase.INTERRUPTED);
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
    Map<String, String> environment = environment(service);
    CanvasProcess seed =
        new CanvasProcess(environment, "seed", "--rows", "5000000", "--truncate", "--batch", "500");
    await().atMost(TIMEOUT).until(() -> !query("select count(*) from seed_chunk").equals("0"));
    seed.terminate();
    seed.exitCode(TIMEOUT);
    assertTrue(
        seed.output().contains("Interrupted; ./canvas seed --resume continues the load"),
        seed.output());
    assertEquals(SeedProgress.Phase.CANCELLED, launcher.last().phase());
  }

  private JsonObject ask(String address, JsonObject body) throws Exception {
    return service
        .vertx()
        .eventBus()
        .<JsonObject>request(address, body)
        .await(20, TimeUnit.SECONDS)
        .body();
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
}
