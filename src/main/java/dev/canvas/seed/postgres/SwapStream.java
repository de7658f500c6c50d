package dev.canvas.seed.postgres;

import dev.canvas.seed.LoadedItemIds;
import dev.canvas.seed.Tally;
import dev.canvas.seed.Target;
import java.sql.Connection;
import java.sql.SQLException;

/** Loads chunks into {@code product_media_next}, which nobody reads yet. Belongs to one thread. */
final class SwapStream implements Target.Stream {

  private final Connection connection;
  private final SeedLock control;
  private final LoadedItemIds itemIds;
  private final long run;
  private final long firstVersion;
  private final CopyRows rows;
  private int chunk;
  private long highestVersion;

  /**
   * @param firstVersion of the product at place 0
   */
  SwapStream(
      Connection connection, SeedLock control, LoadedItemIds itemIds, long run, long firstVersion)
      throws SQLException {
    this.connection = connection;
    this.control = control;
    this.itemIds = itemIds;
    this.run = run;
    this.firstVersion = firstVersion;
    this.rows = new CopyRows(connection, NextTable.NAME + " (product_id, version, media)");
    connection.setAutoCommit(false);
    // What a crash of the server takes is noted as not loaded; the swap waits for the disk.
    Sql.execute(connection, "set synchronous_commit = off");
    connection.commit();
  }

  @Override
  public void begin(int number) throws SQLException {
    chunk = number;
    rows.begin();
  }

  @Override
  public void add(long place, long productId, byte[] items, int length, long highestItemId)
      throws SQLException, InterruptedException {
    itemIds.add(highestItemId);
    highestVersion = firstVersion + place;
    rows.add(productId, highestVersion, items, length);
  }

  @Override
  public void commit(Tally tally) throws SQLException {
    control.reachVersion(highestVersion);
    rows.end();
    RunLog.chunk(connection, run, chunk, tally);
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    try {
      rows.cancel();
    } finally {
      connection.close();
    }
  }
}
