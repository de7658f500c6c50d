package dev.canvas.seed.postgres;

import dev.canvas.seed.target.LoadedItemIds;
import dev.canvas.seed.target.Target;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Loads chunks into {@code product_media_next}, which no reader sees yet. Every product gets the
 * version that belongs to its position in the source. Belongs to one thread.
 */
final class SwapStream extends CopyStream {

  private final SeedLock lock;
  private final long firstVersion;
  private long highestVersion;

  /**
   * @param firstVersion of the product at position 0
   */
  SwapStream(
      Connection connection, SeedLock lock, LoadedItemIds itemIds, long run, long firstVersion)
      throws SQLException {
    super(connection, itemIds, run, NextTable.NAME + " (product_id, version, media)");
    this.lock = lock;
    this.firstVersion = firstVersion;
    connection.setAutoCommit(false);
    // If a server crash loses a chunk, it loses the record that the chunk is done too. The commit
    // of the swap flushes all of it to disk.
    Sql.execute(connection, "set synchronous_commit = off");
    connection.commit();
  }

  @Override
  long number(long position) {
    highestVersion = firstVersion + position;
    return highestVersion;
  }

  @Override
  void finish(CopyRows rows, Target.Tally tally) throws SQLException {
    lock.reserveVersions(highestVersion);
    rows.end();
  }
}
