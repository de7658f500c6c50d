package dev.canvas.seed.postgres;

import dev.canvas.media.ItemIdRules;
import dev.canvas.seed.LoadedItemIds;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The sequence of item ids in Postgres. */
record ItemIdSequence(DataSource database) implements LoadedItemIds.Sequence {

  @Override
  public long exceed(long itemId) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      // Locks the sequence, so that no other value is taken between the reading and the raising.
      Sql.execute(connection, "alter sequence media_item_id no cycle");
      long next = Sql.number(connection, "select last_value from media_item_id");
      if (next <= itemId) {
        next = ItemIdRules.beyond(itemId);
        Sql.execute(connection, "alter sequence media_item_id restart with " + next);
      }
      connection.commit();
      return next;
    }
  }
}
