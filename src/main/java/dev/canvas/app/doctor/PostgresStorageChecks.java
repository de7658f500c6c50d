package dev.canvas.app.doctor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Checks the storage of the tables, and the server settings that slow large loads down. */
final class PostgresStorageChecks {

  /** The default of autovacuum_vacuum_scale_factor. */
  private static final double MAX_DEAD_SHARE = 0.2;

  private static final long MIN_DEAD_ROWS = 10_000;
  private static final long MEGABYTE = 1_000_000;

  private final Connection connection;

  PostgresStorageChecks(Connection connection) {
    this.connection = connection;
  }

  /**
   * @param hasTables whether {@code product_media} exists
   */
  List<Finding> findings(boolean hasTables) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    if (hasTables) {
      findings.add(bloat());
      findings.add(autovacuum());
      findings.add(unfinishedLoads());
    }
    findings.add(setting("max_wal_size", 4_000, "4GB", "checkpoints interrupt large loads"));
    findings.add(
        setting("shared_buffers", 250, "a quarter of the memory", "large loads write pages twice"));
    findings.add(
        setting("maintenance_work_mem", 60, "256MB", "building the primary key sorts on disk"));
    return findings;
  }

  private Finding bloat() throws SQLException {
    long live =
        number(
            "select n_live_tup from pg_stat_user_tables where relid = 'product_media'::regclass");
    long dead =
        number(
            "select n_dead_tup from pg_stat_user_tables where relid = 'product_media'::regclass");
    return Finding.warnUnless(
        dead < MIN_DEAD_ROWS || dead < MAX_DEAD_SHARE * live,
        "bloat",
        "product_media has about %,d dead rows and %,d live ones".formatted(dead, live),
        "vacuum (analyze) product_media; check that autovacuum is on");
  }

  private Finding autovacuum() throws SQLException {
    boolean server = "on".equals(text("show autovacuum"));
    boolean table =
        number(
                "select count(*) from pg_class where oid = 'product_media'::regclass"
                    + " and 'autovacuum_enabled=false' = any(reloptions)")
            == 0;
    return Finding.warnUnless(
        server && table,
        "autovacuum",
        server ? table ? "on" : "off for product_media" : "off",
        server
            ? "alter table product_media reset (autovacuum_enabled)"
            : "set autovacuum to on; otherwise dead rows fill the disk and slow down each read");
  }

  private Finding unfinishedLoads() throws SQLException {
    long left =
        number(
            "select count(*) from pg_class where oid in"
                + " (to_regclass('product_media_next'), to_regclass('product_media_old'))");
    return Finding.warnUnless(
        left == 0,
        "loads",
        left == 0 ? "none is unfinished" : "one is running or was interrupted: its tables exist",
        "if none is running: ./canvas seed --resume, or drop table if exists product_media_next, product_media_old");
  }

  private Finding setting(String name, long minMegabytes, String recommended, String reason)
      throws SQLException {
    String value = text("show " + name);
    long bytes = number("select pg_size_bytes(current_setting('" + name + "'))");
    return Finding.warnUnless(
        bytes >= minMegabytes * MEGABYTE,
        "loading: " + name,
        value,
        reason + ": set " + name + " to " + recommended + " before large loads");
  }

  private long number(String query) throws SQLException {
    String text = text(query);
    return text == null ? 0 : Long.parseLong(text);
  }

  private String text(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getString(1) : null;
    }
  }
}
