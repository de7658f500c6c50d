package dev.canvas.seed.postgres;

import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.seed.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The table that replaces {@code product_media}: creates it, indexes it once the streams have
 * filled it, and swaps it in. Blocking; belongs to one thread.
 */
final class NextTable {

  static final String NAME = "product_media_next";

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** Short, because readers queue behind a session that waits for an exclusive lock. */
  private static final int SWAP_LOCK_MS = 40;

  private static final int RETRY_PAUSE_MS = 200;
  private static final Duration SWAP_DEADLINE = Duration.ofMinutes(3);

  /**
   * Takes a lock that conflicts with a vacuum but with no reader or writer. An autovacuum yields to
   * a session that has waited for {@code deadlock_timeout}; readers must not wait that long.
   */
  private static final String STOP_AUTOVACUUM =
      "lock table product_media, product_media_next in share update exclusive mode";

  private static final int VACUUM_LOCK_MS = 5_000;

  private static final String DELETE_DUPLICATES =
      """
      delete from product_media_next n
      using (
        select product_id, %s(version) as version from product_media_next
        group by product_id having count(*) > 1
      ) chosen
      where n.product_id = chosen.product_id and n.version <> chosen.version\
      """;

  /**
   * Gives loaded products newer versions than those written while the load was interrupted. One of
   * the same version may have other media.
   */
  private static final String RAISE_VERSIONS =
      """
      update product_media_next n set version = nextval('media_version')
      from product_media p
      where p.version > ? and n.product_id = p.product_id and n.version <= p.version\
      """;

  private final Connection connection;
  private final TableTraits traits;
  private final SecondaryIndexes secondaryIndexes;

  NextTable(Connection connection) {
    this.connection = connection;
    this.traits = new TableTraits(connection);
    this.secondaryIndexes = new SecondaryIndexes(connection);
  }

  /** Creates the table, empty, and drops what an earlier load left behind. */
  void create() throws SQLException {
    traits.checkReplaceable();
    Sql.execute(connection, "drop table if exists product_media_next, product_media_old");
    Sql.execute(
        connection,
        "create table product_media_next"
            + " (like product_media including all excluding indexes)"
            + " with (autovacuum_enabled = false)"
            + traits.tablespace());
  }

  /** Whether an interrupted load has left the table. */
  boolean exists() throws SQLException {
    traits.checkReplaceable();
    return Sql.text(connection, "select to_regclass('product_media_next')") != null;
  }

  /** Builds the key and all indexes. Removes duplicates of a product as the request says. */
  void index(SeedRequest.OnConflict onConflict) throws SQLException {
    if (Sql.number(connection, "select count(*) from (select from product_media_next limit 1) p")
        == 0) {
      throw Problem.MALFORMED_REQUEST.because(
          "The source has no product: --truncate does not replace the catalogue with an empty one");
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
        removeDuplicates(onConflict, failure);
        addKey();
      }
    }
    secondaryIndexes.build();
    Sql.execute(connection, "analyze product_media_next");
  }

  /** Gives the products that were written since a version newer versions. */
  void raiseVersions(long version) throws SQLException {
    Sql.execute(connection, RAISE_VERSIONS, version);
  }

  /**
   * Replaces {@code product_media} and finishes the run, in one transaction.
   *
   * @return the new generation of the catalogue
   */
  long swap(Target.RunPlan plan) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + SWAP_DEADLINE.toNanos();
    while (true) {
      connection.setAutoCommit(false);
      try {
        Sql.execute(connection, "set local lock_timeout = " + VACUUM_LOCK_MS);
        Sql.execute(connection, STOP_AUTOVACUUM);
        // Again, because what was attached during the load would be lost too.
        traits.checkReplaceable();
        traits.carryOver();
        traits.carryOverAutovacuum();
        Sql.execute(connection, "set local lock_timeout = " + SWAP_LOCK_MS);
        Sql.execute(connection, "select swap_product_media()");
        secondaryIndexes.swap();
        long generation = new RunLog(connection).finish(plan);
        connection.commit();
        return generation;
      } catch (ProblemException refused) {
        connection.rollback();
        throw refused;
      } catch (SQLException failure) {
        connection.rollback();
        if (!LOCK_NOT_AVAILABLE.equals(failure.getSQLState()) || System.nanoTime() > deadline) {
          throw failure;
        }
      } finally {
        connection.setAutoCommit(true);
      }
      Thread.sleep(RETRY_PAUSE_MS);
    }
  }

  /** Drops the table that was replaced. */
  void dropOld() throws SQLException {
    Sql.execute(connection, "drop table if exists product_media_old");
  }

  private void addKey() throws SQLException {
    Sql.execute(connection, "alter table product_media_next add primary key (product_id)");
  }

  private void removeDuplicates(SeedRequest.OnConflict onConflict, SQLException duplicate)
      throws SQLException {
    if (onConflict == SeedRequest.OnConflict.REFUSE) {
      throw Problem.ALREADY_THERE.because(
          "The source has several records of a product (%s): --on-conflict keep loads the first,"
              + " replace the last",
          duplicate.getMessage().lines().skip(1).findFirst().orElse("").strip());
    }
    Sql.execute(
        connection,
        DELETE_DUPLICATES.formatted(onConflict == SeedRequest.OnConflict.REPLACE ? "max" : "min"));
  }
}
