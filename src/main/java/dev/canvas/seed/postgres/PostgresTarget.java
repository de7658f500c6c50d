package dev.canvas.seed.postgres;

import dev.canvas.control.CatalogueSwitch;
import dev.canvas.media.Problem;
import dev.canvas.seed.LoadedItemIds;
import dev.canvas.seed.SeedProgress;
import dev.canvas.seed.SeedRequest;
import dev.canvas.seed.Tally;
import dev.canvas.seed.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * The Postgres store as the target of a run. What replaces all goes into a new table, which is
 * swapped in; what goes beside what is there is merged chunk by chunk.
 */
final class PostgresTarget implements Target {

  private final DataSource database;
  private final Function<String, CatalogueSwitch> readers;
  private final int streams;
  private final SeedLock control;
  private final Connection connection;
  private final RunLog log;
  private final NextTable next;
  private final LoadedItemIds itemIds;
  private CatalogueSwitch told;
  private Begun begun;
  private long firstVersion;
  private boolean resumed;

  /**
   * @param readers those who have to hear of the end
   * @param streams of a new run
   */
  PostgresTarget(DataSource database, Function<String, CatalogueSwitch> readers, int streams)
      throws SQLException {
    this.database = database;
    this.readers = readers;
    this.streams = streams;
    this.control = new SeedLock(database);
    this.connection = control.connection();
    this.log = new RunLog(connection);
    this.next = new NextTable(connection);
    this.itemIds = new LoadedItemIds(new ItemIdSequence(database));
  }

  @Override
  public Begun begin(SeedRequest request) throws SQLException {
    control.becomeTheSeeder();
    begun = request.resume() ? resume() : anew(request);
    told = readers.apply(Sql.text(connection, "select store from catalogue"));
    return begun;
  }

  private Begun anew(SeedRequest request) throws SQLException {
    if (request.truncate()) {
      control.refuseWriters();
      next.create();
    }
    long run = log.begin(request, streams);
    if (request.truncate()) {
      firstVersion = control.firstVersion();
      Sql.execute(
          connection, "update seed_run set first_version = ? where id = ?", firstVersion, run);
    }
    return new Begun(run, request, streams, request.batchOrUsual(), Set.of(), Tally.NONE);
  }

  private Begun resume() throws SQLException {
    RunLog.Entry last =
        log.last()
            .filter(entry -> !entry.isOver())
            .orElseThrow(
                () ->
                    Problem.NOTHING_TO_RESUME.because(
                        "There is no load that was interrupted: the last one ended, or there was none"));
    if (last.request().truncate()) {
      control.refuseWriters();
      if (!next.exists()) {
        throw Problem.NOTHING_TO_RESUME.because(
            "The table product_media_next of load %d is gone: load anew", last.number());
      }
      firstVersion =
          Sql.number(connection, "select first_version from seed_run where id = ?", last.number());
      resumed = true;
    }
    log.enter(last.number(), "loading");
    return new Begun(
        last.number(),
        last.request(),
        last.streams(),
        last.request().batchOrUsual(),
        log.chunks(last.number()),
        last.tally());
  }

  @Override
  public void expect(long products) throws SQLException {
    log.expect(begun.number(), products);
  }

  @Override
  public Stream stream() throws SQLException {
    Connection own = database.getConnection();
    try {
      return begun.request().truncate()
          ? new SwapStream(own, control, itemIds, begun.number(), firstVersion)
          : new MergeStream(own, itemIds, begun.number(), begun.request().onConflict());
    } catch (SQLException failure) {
      own.close();
      throw failure;
    }
  }

  @Override
  public void finish(Consumer<SeedProgress.Phase> entered)
      throws SQLException, InterruptedException {
    boolean swaps = begun.request().truncate();
    if (swaps) {
      entered.accept(SeedProgress.Phase.INDEXING);
      next.index(begun.request().onConflict());
      if (resumed) {
        next.overtake(firstVersion);
      }
    }
    entered.accept(SeedProgress.Phase.SWITCHING);
    itemIds.awaitSettled();
    control.beginSwap();
    told.bypassCaches();
    told.resumeCaches(swaps ? next.swap(begun) : endMerge());
    control.endSwap();
    if (swaps) {
      next.dropOld();
    }
  }

  private long endMerge() throws SQLException {
    connection.setAutoCommit(false);
    try {
      long generation = Generations.end(connection, begun);
      connection.commit();
      return generation;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  @Override
  public void giveUp(boolean cancelled) throws SQLException {
    if (begun != null) {
      log.enter(begun.number(), cancelled ? "cancelled" : "failed");
    }
  }

  @Override
  public void close() throws SQLException {
    if (told != null) {
      told.close();
    }
    control.close();
  }
}
