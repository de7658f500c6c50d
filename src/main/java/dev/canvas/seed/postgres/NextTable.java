package dev.canvas.seed.postgres;

import dev.canvas.media.Problem;
import dev.canvas.seed.SeedRequest;
import dev.canvas.seed.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The table that is to become {@code product_media}: made, filled by others, given its key, and put
 * in the other's place. Blocking; belongs to one thread.
 */
final class NextTable {

  static final String NAME = "product_media_next";

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** Readers wait behind whoever waits for the table, so nobody waits for it long. */
  private static final int TRY_MS = 40;

  private static final int PAUSE_MS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /**
   * Conflicts with a vacuum and with no reader or writer: an automatic one gives way to whoever has
   * waited for {@code deadlock_timeout}, which readers cannot be made to wait for.
   */
  private static final String END_VACUUM =
      "lock table product_media, product_media_next in share update exclusive mode";

  private static final int VACUUM_MS = 5_000;

  private static final String DEPENDENT =
      """
      select string_agg(distinct r.ev_class::regclass::text, ', ')
      from pg_depend d join pg_rewrite r on r.oid = d.objid
      where d.classid = 'pg_rewrite'::regclass and d.refobjid = 'product_media'::regclass
        and r.ev_class is distinct from to_regclass('shoe_images')""";

  private static final String REPEATED =
      """
      delete from product_media_next n
      using (
        select product_id, %s(version) as version from product_media_next
        group by product_id having count(*) > 1
      ) chosen
      where n.product_id = chosen.product_id and n.version <> chosen.version""";

  /**
   * What was written while the load was interrupted is replaced all the same, by something newer.
   */
  private static final String OVERTAKEN =
      """
      update product_media_next n set version = nextval('media_version')
      from product_media p
      where p.version > ? and n.product_id = p.product_id and n.version < p.version""";

  private final Connection connection;
  private final OtherIndexes others;

  NextTable(Connection connection) {
    this.connection = connection;
    this.others = new OtherIndexes(connection);
  }

  /** Makes it, empty; what an earlier load has left goes. */
  void create() throws SQLException {
    check();
    Sql.execute(connection, "drop table if exists product_media_next, product_media_old");
    Sql.execute(
        connection,
        "create table product_media_next"
            + " (like product_media including all excluding indexes)"
            + " with (autovacuum_enabled = false)");
  }

  /** Whether it is there, from a load that did not end. */
  boolean exists() throws SQLException {
    check();
    return Sql.text(connection, "select to_regclass('product_media_next')") != null;
  }

  /** Builds the key. What was in the source several times is there once after it. */
  void index(SeedRequest.OnConflict onConflict) throws SQLException {
    if (Sql.number(connection, "select count(*) from (select from product_media_next limit 1) p")
        == 0) {
      throw Problem.MALFORMED_REQUEST.because(
          "The source has no product, and the catalogue is not replaced by nothing");
    }
    Sql.execute(connection, "set maintenance_work_mem = '256MB'");
    if (Sql.number(
            connection,
            "select count(*) from pg_index where indrelid = 'product_media_next'::regclass")
        == 0) {
      try {
        addKey();
      } catch (SQLException failure) {
        if (!UNIQUE_VIOLATION.equals(failure.getSQLState())) {
          throw failure;
        }
        onceEach(onConflict, failure);
        addKey();
      }
    }
    others.build();
    Sql.execute(connection, "analyze product_media_next");
  }

  /** Gives the products that were written since a version newer ones. */
  void overtake(long version) throws SQLException {
    Sql.execute(connection, OVERTAKEN, version);
  }

  /**
   * Puts it in the other's place and notes the end of the run, in one transaction.
   *
   * @return the catalogue's generation from then on
   */
  long swap(Target.Begun run) throws SQLException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      connection.setAutoCommit(false);
      try {
        Sql.execute(connection, "set local lock_timeout = " + VACUUM_MS);
        Sql.execute(connection, END_VACUUM);
        Sql.execute(connection, "set local lock_timeout = " + TRY_MS);
        Sql.execute(connection, "select swap_product_media()");
        Sql.execute(connection, "alter table product_media reset (autovacuum_enabled)");
        others.swap();
        long generation = Generations.end(connection, run);
        connection.commit();
        return generation;
      } catch (SQLException failure) {
        connection.rollback();
        if (!LOCK_NOT_AVAILABLE.equals(failure.getSQLState()) || System.nanoTime() > until) {
          throw failure;
        }
      } finally {
        connection.setAutoCommit(true);
      }
      Thread.sleep(PAUSE_MS);
    }
  }

  /** Deletes what was in its place before. */
  void dropOld() throws SQLException {
    Sql.execute(connection, "drop table if exists product_media_old");
  }

  private void check() throws SQLException {
    String dependent = Sql.text(connection, DEPENDENT);
    if (dependent != null) {
      throw Problem.ALREADY_THERE.because(
          "%s depend on the table product_media, which cannot be replaced under them: drop them and"
              + " make them anew afterwards",
          dependent);
    }
  }

  private void addKey() throws SQLException {
    Sql.execute(connection, "alter table product_media_next add primary key (product_id)");
  }

  private void onceEach(SeedRequest.OnConflict onConflict, SQLException twice) throws SQLException {
    if (onConflict == SeedRequest.OnConflict.REFUSE) {
      throw Problem.ALREADY_THERE.because(
          "The source has a product twice (%s); --on-conflict keep takes the first, replace the last",
          twice.getMessage().lines().skip(1).findFirst().orElse("").strip());
    }
    Sql.execute(
        connection,
        REPEATED.formatted(onConflict == SeedRequest.OnConflict.REPLACE ? "max" : "min"));
  }
}
