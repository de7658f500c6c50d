package dev.canvas.seed.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Takes over a database that was restored or promoted, as the service does: a load may be the first
 * to write to it. See {@code docs/adr/0031-lineage-of-the-store.md}. Blocking.
 */
final class StoreTakeover {

  /** After this time no node trusts its caches from before any more: {@code CacheTrust.EXPIRED}. */
  private static final long EXPIRED_MS = 520;

  private StoreTakeover() {}

  /** Returns when the store may be written. */
  static void await(Connection connection) throws SQLException {
    long clock = System.currentTimeMillis() * 1_000;
    while (Sql.number(connection, "select take_over_store(?)::int", clock) == 1
        || Sql.number(connection, "select settling::int from catalogue") == 1) {
      long generation = Sql.number(connection, "select generation from catalogue");
      Sql.number(connection, "select 1 from pg_sleep(? / 1000.0)", EXPIRED_MS);
      Sql.execute(
          connection,
          "update catalogue set redis = null where settling and generation = ?",
          generation);
    }
  }
}
