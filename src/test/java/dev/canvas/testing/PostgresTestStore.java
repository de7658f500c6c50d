package dev.canvas.testing;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A database at a Postgres. */
public final class PostgresTestStore implements TestStore {

  private final TestDatabase database;

  /** Creates one in the server of a URI. */
  public PostgresTestStore(String serverUri) {
    database = new TestDatabase(serverUri);
  }

  /** For tests that speak SQL. */
  public TestDatabase database() {
    return database;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("CANVAS_POSTGRES_URI", database.uri());
  }

  @Override
  public String tier() {
    return "postgres";
  }

  @Override
  public void prepared() {
    // Databases of several tests share one Redis: the generation keeps their keys apart.
    database.execute(
        "update catalogue set generation = " + ThreadLocalRandom.current().nextLong(1L << 50));
  }

  @Override
  public void put(long productId, String items) {
    database.execute(
        // Nobody has asked for it yet, so there is nothing to relay.
        "set canvas.loading = on; insert into product_media (product_id, media) values (%d, '%s')"
            .formatted(productId, items.replace("'", "''")));
  }

  @Override
  public String document(long productId) {
    return database.query(
        "select '{\"product_id\":' || product_id || ',\"version\":' || version || ',\"media\":'"
            + " || media || '}' from product_media where product_id = "
            + productId);
  }

  @Override
  public long version(long productId) {
    return Long.parseLong(
        database.query("select version from product_media where product_id = " + productId));
  }

  @Override
  public long generation() {
    return Long.parseLong(database.query("select generation from catalogue"));
  }

  @Override
  public void close() {
    database.close();
  }
}
