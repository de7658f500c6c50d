package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.postgres.PostgresDataSource;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The view shoe_images, which accepts the SQL of the first service. */
class ShoeImagesViewIT {

  private static final String WAITING_SESSIONS =
      "select count(*) from pg_stat_activity"
          + " where datname = current_database() and wait_event_type = 'Lock'";

  private final TestDatabase database = new TestDatabase(TestServers.shared().postgresUri());

  @AfterEach
  void drop() {
    database.close();
  }

  private void migrate() {
    dev.canvas.data.postgres.Schema.migrate(
        PostgresDataSource.of(PostgresSettings.of(database.uri())));
  }

  @Test
  void productIsARowWithItsImagesAndVideosInOrder() {
    migrate();
    database.execute(
        "insert into product_media (product_id, media) values (7, '" + RunningService.ITEMS + "')");
    assertEquals(
        "(7,7,https://a.example/ä1.jpg,https://a.example/2.jpg,,,,,,https://a.example/v1.webm,)",
        database.query("select s::text from shoe_images s where shoe_id = 7"));
  }

  @Test
  void tombstoneIsNotARow() {
    migrate();
    database.execute("insert into product_media (product_id, media) values (8, null)");
    assertNull(database.query("select id from shoe_images where shoe_id = 8"));
  }

  @Test
  void insertCreatesAProduct() {
    migrate();
    database.execute(
        "insert into shoe_images (shoe_id, img1, img2, vid1) values (5, '/1.webp', '', '/v.webm')");
    assertEquals(
        "[{\"id\":1000,\"type\":\"image\",\"url\":\"/1.webp\"},"
            + "{\"id\":1001,\"type\":\"video\",\"url\":\"/v.webm\"}]",
        media(5));
    assertEquals("{5}", database.query("select product_ids from media_outbox"));
    assertRefused("insert into shoe_images (shoe_id, img1) values (5, '/2.webp')", "there already");
    assertRefused("insert into shoe_images (img1) values ('/2.webp')", "shoe_id is null");
    assertRefused(
        "insert into shoe_images (shoe_id, img1) values (6, 'javascript:alert(1)')", "not a URL");
  }

  @Test
  void updateChangesItsColumnsAndKeepsTheRest() {
    migrate();
    database.execute(
        "insert into product_media (product_id, media) values (7, '" + RunningService.ITEMS + "')");
    String version = database.query("select version from product_media");
    database.execute(
        "update shoe_images set img1 = null, img2 = '/new.webp', img3 = '/more.webp' where shoe_id"
            + " = 7");
    assertEquals(
        "[{\"id\":2,\"type\":\"video\",\"url\":\"https://a.example/v1.webm\",\"alt\":\"On foot\"},"
            + "{\"id\":3,\"type\":\"image\",\"url\":\"/new.webp\",\"alt\":\"Right\"},"
            + "{\"id\":1001,\"type\":\"image\",\"url\":\"/more.webp\"}]",
        media(7));
    assertEquals("t", database.query("select version > " + version + " from product_media"));
    assertRefused("update shoe_images set shoe_id = 8 where shoe_id = 7", "cannot change");
  }

  @Test
  void updateKeepsTheOrderAndTheAttributesOfItems() {
    migrate();
    database.execute(
        "insert into product_media (product_id, media) values (7,"
            + " '[{\"id\":1,\"type\":\"video\",\"url\":\"/v\"},"
            + "{\"id\":2,\"type\":\"image\",\"url\":\"/1\",\"alt\":\"A\",\"width\":9,\"variants\":[\"red\"]},"
            + "{\"id\":3,\"type\":\"video\",\"url\":\"/w\"}]')");
    assertEquals(
        "(7,7,/new,/two,,,,,,/v,/w)",
        database.query(
            "with changed as (update shoe_images set img1 = '/new', img4 = '/two' where shoe_id = 7"
                + " returning *) select c::text from changed c"));
    assertEquals(
        "[{\"id\":1,\"type\":\"video\",\"url\":\"/v\"},"
            + "{\"id\":2,\"type\":\"image\",\"url\":\"/new\",\"alt\":\"A\",\"variants\":[\"red\"]},"
            + "{\"id\":1001,\"type\":\"image\",\"url\":\"/two\"},"
            + "{\"id\":3,\"type\":\"video\",\"url\":\"/w\"}]",
        media(7));
  }

  @Test
  void updateKeepsWhatThisReleaseDoesNotKnowAndMovesItemsWithTheirUrls() {
    migrate();
    String a =
        "{\"id\":1,\"type\":\"image\",\"url\":\"/a\",\"colour\":{\"deep\":[1]},\"alt\":\"A\",\"width\":9}";
    String b = "{\"type\":\"image\", \"url\":\"/b\",\"id\":2,\"scale\":1.50}";
    String model = "{\"id\":3,\"type\":\"model\",\"url\":\"/m\",\"light\":null}";
    String stored = "[" + a + "," + model + "," + b + "]";
    database.execute("insert into product_media (product_id, media) values (7, '" + stored + "')");

    database.execute("update shoe_images set img1 = img2, img2 = img1");
    assertEquals("[" + b + "," + model + "," + a + "]", media(7));
    // A slot's new file, and what described the old one goes.
    database.execute("update shoe_images set img2 = '/new'");
    String other =
        "{\"id\":1,\"type\":\"image\",\"url\":\"/new\",\"colour\":{\"deep\":[1]},\"alt\":\"A\"}";
    assertEquals("[" + b + "," + model + "," + other + "]", media(7));
    // All move on, for another picture at the beginning.
    database.execute("update shoe_images set img1 = '/first', img2 = img1, img3 = img2");
    String first = media(7).substring(1, media(7).indexOf("}") + 1);
    assertTrue(first.matches(".\"id\":\\d{4},\"type\":\"image\",\"url\":\"/first\"."), first);
    assertEquals("[" + first + "," + model + "," + b + "," + other + "]", media(7));
    // And back.
    database.execute("update shoe_images set img1 = img2, img2 = img3, img3 = null");
    assertEquals("[" + b + "," + model + "," + other + "]", media(7));
    // The same file twice is two items.
    database.execute("update shoe_images set img2 = img1");
    assertEquals("[" + b + "," + model + "," + other.replace("/new", "/b") + "]", media(7));
  }

  @Test
  void tooManyItemsAreRefused() {
    migrate();
    database.execute(
        "insert into product_media (product_id, media)"
            + " select 7, json_agg(json_build_object('id', n, 'type', 'video', 'url', '/' || n))"
            + " from generate_series(1, 50) n");
    assertRefused("update shoe_images set img1 = '/1' where shoe_id = 7", "at most 50");
    database.execute("update shoe_images set vid1 = '/new' where shoe_id = 7");
    assertEquals("/new", database.query("select vid1 from shoe_images"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"//a.example/1", "https://u:p@a.example/1", "https:///1", "/a b", "ftp://a/1"})
  void ambiguousUrlIsRefused(String url) {
    migrate();
    assertRefused("insert into shoe_images (shoe_id, img1) values (5, '" + url + "')", "not a URL");
  }

  @Test
  void concurrentUpdateIsNotLost() throws Exception {
    migrate();
    database.execute("insert into shoe_images (shoe_id, img1, img2) values (5, '/1', '/2')");
    concurrently(
        "update shoe_images set img2 = '/new2', vid1 = '/v' where shoe_id = 5",
        "update shoe_images set img1 = '/new1' where shoe_id = 5");
    assertEquals("(5,5,/new1,/new2,,,,,,/v,)", database.query("select s::text from shoe_images s"));
  }

  @Test
  void concurrentDeleteIsNotUndone() throws Exception {
    migrate();
    database.execute("insert into shoe_images (shoe_id, img1) values (5, '/1')");
    assertEquals(
        0,
        concurrently(
            "delete from shoe_images where shoe_id = 5",
            "update shoe_images set img1 = '/new' where shoe_id = 5"));
    assertNull(database.query("select id from shoe_images"));
  }

  @Test
  void secondOfTwoConcurrentInsertsIsRefused() {
    migrate();
    ExecutionException refused =
        assertThrows(
            ExecutionException.class,
            () ->
                concurrently(
                    "insert into shoe_images (shoe_id, img1) values (5, '/1')",
                    "insert into shoe_images (shoe_id, img1) values (5, '/2')"));
    assertTrue(refused.getMessage().contains("there already"), refused.getMessage());
    assertEquals("/1", database.query("select img1 from shoe_images"));
  }

  @Test
  void deletedProductLeavesATombstoneAndCanBeInsertedAgain() {
    migrate();
    database.execute("insert into shoe_images (shoe_id, img1) values (5, '/1.webp')");
    String version = database.query("select version from product_media");
    database.execute("delete from shoe_images where shoe_id = 5");
    assertNull(database.query("select id from shoe_images"));
    assertNull(media(5));
    assertEquals("t", database.query("select version > " + version + " from product_media"));
    database.execute("insert into shoe_images (shoe_id, img1) values (5, '/2.webp')");
    assertEquals("/2.webp", database.query("select img1 from shoe_images"));
    assertEquals("3", database.query("select count(distinct versions) from media_outbox"));
  }

  @Test
  void lookupByShoeIdUsesThePrimaryKey() {
    migrate();
    database.execute(
        "insert into product_media (product_id, media) select n, '[]' from generate_series(1, 5000)"
            + " n");
    database.execute("analyze product_media");
    String plan =
        database.query("explain (format json) select img1 from shoe_images where shoe_id = 7");
    assertTrue(plan.contains("product_media_pkey"), plan);
  }

  @Test
  void existingShoeImagesTableIsNotChanged() {
    database.execute("create table shoe_images (id serial primary key, shoe_id int)");
    database.execute("insert into shoe_images (shoe_id) values (5)");
    migrate();
    assertEquals("5", database.query("select shoe_id from shoe_images"));
    assertEquals("0", database.query("select count(*) from product_media"));
  }

  @Test
  void versionsStartAtTheCreationTimeInMicroseconds() {
    migrate();
    String age =
        database.query(
            "select extract(epoch from now()) * 1000000 - nextval('media_version') between 0 and"
                + " 6e7");
    assertEquals("t", age);
  }

  @Test
  void migratingTwiceChangesNothing() {
    migrate();
    database.execute("insert into product_media (product_id, media) values (9, '[]')");
    migrate();
    assertEquals("1", database.query("select count(*) from product_media"));
  }

  /**
   * Runs two statements, the second of which waits for the first; returns the second's row count.
   */
  private int concurrently(String first, String second) throws Exception {
    try (Connection one = database.dataSource().getConnection();
        Connection two = database.dataSource().getConnection();
        Statement firstStatement = one.createStatement();
        Statement secondStatement = two.createStatement()) {
      one.setAutoCommit(false);
      firstStatement.execute(first);
      CompletableFuture<Integer> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return secondStatement.executeUpdate(second);
                } catch (SQLException refused) {
                  throw new CompletionException(refused);
                }
              });
      await().until(() -> !database.query(WAITING_SESSIONS).equals("0"));
      one.commit();
      return waiting.get(10, TimeUnit.SECONDS);
    }
  }

  private String media(long productId) {
    return database.query("select media from product_media where product_id = " + productId);
  }

  private void assertRefused(String sql, String reason) {
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> database.execute(sql));
    assertTrue(refused.getCause().getMessage().contains(reason), refused.getCause().getMessage());
  }
}
