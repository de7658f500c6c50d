package dev.canvas.seed.postgres;

import dev.canvas.seed.target.LoadedItemIds;
import dev.canvas.seed.target.Target;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Loads chunks with COPY into some table, one transaction a chunk. Subclasses say which table, and
 * what happens to the rows before the commit. Belongs to one thread.
 */
abstract class CopyStream implements Target.Stream {

  private final Connection connection;
  private final LoadedItemIds itemIds;
  private final long run;
  private final CopyRows rows;
  private int chunk;

  /**
   * @param connection closed with the stream
   * @param table and its columns: a product id, a number, and an item array
   */
  CopyStream(Connection connection, LoadedItemIds itemIds, long run, String table)
      throws SQLException {
    this.connection = connection;
    this.itemIds = itemIds;
    this.run = run;
    this.rows = new CopyRows(connection, table);
  }

  /** The second column of a product's row. */
  abstract long number(long position);

  /** Ends the COPY, and moves the rows to where readers find them; the caller commits. */
  abstract void finish(CopyRows rows, Target.Tally tally) throws SQLException, InterruptedException;

  @Override
  public void begin(int number) throws SQLException {
    chunk = number;
    rows.begin();
  }

  @Override
  public void add(long position, long productId, byte[] items, int length, long highestItemId)
      throws SQLException, InterruptedException {
    itemIds.add(highestItemId);
    rows.add(productId, number(position), items, length);
  }

  @Override
  public void commit(Target.Tally tally) throws SQLException, InterruptedException {
    finish(rows, tally);
    RunLog.addChunk(connection, run, chunk, tally);
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
