package dev.canvas.app.doctor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What the doctor looks at in the tables' storage, and in what makes loading slow. */
final class StorageChecks {

  /** Postgres's own measure for vacuuming, autovacuum_vacuum_scale_factor. */
  private static final double DEAD_SHARE = 0.2;

  private static final long DEAD_ROWS = 10_000;
  private static final long MEGABYTE = 1_000_000;

  private final Connection connection;

  StorageChecks(Connection connection) {
    this.connection = connection;
  }

  /**
   * @param hasTables whether there is a table to look at
   */
  List<Finding> findings(boolean hasTables) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    if (hasTables) {
      findings.add(bloat());
      findings.add(autovacuum());
      findings.add(remains());
    }
    findings.add(setting("max_wal_size", 4_000, "4GB", "checkpoints interrupt a large load"));
    findings.add(
        setting("shared_buffers", 250, "a quarter of the memory", "pages are written twice"));
    findings.add(setting("maintenance_work_mem", 60, "256MB", "the key is sorted on disk"));
    return findings;
  }

  private Finding bloat() throws SQLException {
    long live =
        number(
            "select n_live_tup from pg_stat_user_tables where relid = 'product_media'::regclass");
    long dead =
        number(
            "select n_dead_tup from pg_stat_user_tables where relid = 'product_media'::regclass");
    return Finding.unless(
        dead < DEAD_ROWS || dead < DEAD_SHARE * live,
        "bloat",
        "product_media has about %,d dead rows beside %,d".formatted(dead, live),
        "vacuum (analyze) product_media; check that autovacuum is on");
  }

  private Finding autovacuum() throws SQLException {
    boolean server = "on".equals(text("show autovacuum"));
    boolean table =
        number(
                "select count(*) from pg_class where oid = 'product_media'::regclass"
                    + " and 'autovacuum_enabled=false' = any(reloptions)")
            == 0;
    return Finding.unless(
        server && table,
        "autovacuum",
        server ? table ? "on" : "off for product_media" : "off",
        server
            ? "alter table product_media reset (autovacuum_enabled)"
            : "set autovacuum to on, or dead rows fill the disk and slow each read");
  }

  private Finding remains() throws SQLException {
    long left =
        number(
            "select count(*) from pg_class where oid in"
                + " (to_regclass('product_media_next'), to_regclass('product_media_old'))");
    return Finding.unless(
        left == 0,
        "loads",
        left == 0 ? "none was left unfinished" : "one runs, or was interrupted: its table is there",
        "where none runs: ./canvas seed --resume, or drop table if exists product_media_next, product_media_old");
  }

  private Finding setting(String name, long leastMegabytes, String better, String why)
      throws SQLException {
    String shown = text("show " + name);
    long bytes = number("select pg_size_bytes(current_setting('" + name + "'))");
    return Finding.unless(
        bytes >= leastMegabytes * MEGABYTE,
        "loading: " + name,
        shown,
        why + ": set " + name + " to " + better + " where much is loaded");
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
