package dev.canvas.seed;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * The sequence of item ids, which has to stay ahead of those that are imported: else the service
 * would give one of them out again. Thread-safe.
 */
final class ItemIdSequence {

  /** Room for the imported ids to come, so that the sequence is not raised for each of them. */
  private static final long ROOM = 1_000_000;

  /** The lowest that the service gives out. */
  private static final long FIRST = 1_000;

  private final DataSource database;
  private final AtomicLong next = new AtomicLong(FIRST);

  ItemIdSequence(DataSource database) {
    this.database = database;
  }

  /** Makes sure that this id, and none before it, is ever given out from now on. */
  void exceed(long itemId) throws SQLException {
    if (itemId >= next.get()) {
      raise(itemId);
    }
  }

  private synchronized void raise(long itemId) throws SQLException {
    if (itemId < next.get()) {
      return;
    }
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      // Locks the sequence, so that no other value is taken between the reading and the raising.
      Sql.execute(connection, "alter sequence media_item_id no cycle");
      long last = Sql.number(connection, "select last_value from media_item_id");
      if (last <= itemId) {
        last = (itemId / FIRST + 1) * FIRST + ROOM;
        Sql.execute(connection, "alter sequence media_item_id restart with " + last);
      }
      connection.commit();
      next.set(last);
    }
  }
}
