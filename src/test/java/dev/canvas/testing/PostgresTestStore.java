package dev.canvas.testing;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** A test store in a Postgres database of its own. */
public final class PostgresTestStore implements TestStore {

  private final TestDatabase database;

  /** Creates a database in the server with this URI. */
  public PostgresTestStore(String serverUri) {
    database = new TestDatabase(serverUri);
  }

  /** The database, for tests that run SQL. */
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
    // The tests share one Redis: a random generation keeps their keys apart.
    database.execute(
        "update catalogue set generation = " + ThreadLocalRandom.current().nextLong(1L << 50));
  }

  @Override
  public void put(long productId, String items) {
    database.execute(
        // The product is in no cache yet, so the change need not be relayed.
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
