package dev.canvas.seed.postgres;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.media.ItemIdRules;
import dev.canvas.media.Problem;
import dev.canvas.seed.target.LoadedItemIds;
import dev.canvas.seed.target.SeedProgress;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.seed.target.Target;
import dev.canvas.seed.target.TargetStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * A Postgres store that is open for one load. A full replacement fills a new table and swaps it in.
 * Any other load merges its chunks into the table that is being read.
 */
final class PostgresTarget implements Target {

  private final DataSource database;
  private final Function<String, CatalogueSwitch> switches;
  private final int streams;
  private final SeedLock lock;
  private final Connection connection;
  private final RunLog log;
  private final NextTable nextTable;
  private final LoadedItemIds itemIds;
  private CatalogueSwitch caches;
  private RunPlan plan;
  private long firstVersion;
  private boolean resumed;

  /**
   * @param switches opens the switch of the caches for the store of that id
   * @param streams of a new run; a resumed run keeps its own number
   */
  PostgresTarget(DataSource database, Function<String, CatalogueSwitch> switches, int streams)
      throws SQLException {
    this.database = database;
    this.switches = switches;
    this.streams = streams;
    this.lock = new SeedLock(database);
    this.connection = lock.connection();
    this.log = new RunLog(connection);
    this.nextTable = new NextTable(connection);
    this.itemIds = new LoadedItemIds(this::raiseItemIds);
  }

  @Override
  public RunPlan begin(SeedRequest request) throws SQLException {
    lock.acquire();
    StoreTakeover.await(connection);
    plan = request.resume() ? resume() : start(request);
    caches = switches.apply(Sql.text(connection, "select store from catalogue"));
    return plan;
  }

  private RunPlan start(SeedRequest request) throws SQLException {
    if (request.truncate()) {
      lock.excludeWriters();
      nextTable.create();
    }
    long run = log.begin(request, streams);
    if (request.truncate()) {
      firstVersion = lock.firstVersion();
      log.setFirstVersion(run, firstVersion);
    }
    return new RunPlan(run, request, streams, request.batchOrDefault(), Set.of(), Tally.NONE);
  }

  private RunPlan resume() throws SQLException {
    TargetStore.LastRun last =
        log.last().filter(run -> !run.isOver()).orElseThrow(TargetStore::nothingToResume);
    if (last.request().truncate()) {
      lock.excludeWriters();
      if (!nextTable.exists()) {
        throw Problem.NOTHING_TO_RESUME.because(
            "The table product_media_next of run %d no longer exists: start a new load",
            last.run());
      }
      firstVersion = log.firstVersion(last.run());
      resumed = true;
    }
    log.setState(last.run(), "loading");
    return new RunPlan(
        last.run(),
        last.request(),
        last.streams(),
        last.request().batchOrDefault(),
        log.chunks(last.run()),
        last.tally());
  }

  @Override
  public void expect(long products) throws SQLException {
    log.setTotal(plan.run(), products);
  }

  @Override
  public Stream openStream() throws SQLException {
    Connection own = database.getConnection();
    try {
      return plan.request().truncate()
          ? new SwapStream(own, lock, itemIds, plan.run(), firstVersion)
          : new MergeStream(own, itemIds, plan.run(), plan.request().onConflict());
    } catch (SQLException failure) {
      own.close();
      throw failure;
    }
  }

  @Override
  public void finish(Consumer<SeedProgress.Phase> entered)
      throws SQLException, InterruptedException {
    boolean swaps = plan.request().truncate();
    if (swaps) {
      entered.accept(SeedProgress.Phase.INDEXING);
      nextTable.index(plan.request().onConflict());
      if (resumed) {
        nextTable.raiseVersions(firstVersion);
      }
    }
    entered.accept(SeedProgress.Phase.SWITCHING);
    itemIds.awaitSettled();
    lock.beginSwap();
    caches.bypassCaches();
    caches.resumeCaches(swaps ? nextTable.swap(plan) : finishMerge());
    lock.endSwap();
    if (swaps) {
      nextTable.dropOld();
    }
  }

  private long finishMerge() throws SQLException {
    connection.setAutoCommit(false);
    try {
      long generation = log.finish(plan);
      connection.commit();
      return generation;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  /** Raises the sequence of item ids above an id that the load brings. */
  private long raiseItemIds(long itemId) throws SQLException {
    try (Connection own = database.getConnection()) {
      own.setAutoCommit(false);
      // Locks the sequence, so that no session takes a value between the query and the restart.
      Sql.execute(own, "alter sequence media_item_id no cycle");
      long next = Sql.number(own, "select last_value from media_item_id");
      if (next <= itemId) {
        next = ItemIdRules.beyond(itemId);
        Sql.execute(own, "alter sequence media_item_id restart with " + next);
      }
      own.commit();
      return next;
    }
  }

  @Override
  public void stop(boolean cancelled) throws SQLException {
    if (plan != null) {
      log.setState(plan.run(), cancelled ? "cancelled" : "failed");
    }
  }

  @Override
  public void close() throws SQLException {
    if (caches != null) {
      caches.close();
    }
    lock.close();
  }
}
