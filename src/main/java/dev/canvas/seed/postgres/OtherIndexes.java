package dev.canvas.seed.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The indexes of {@code product_media} beside its key, which its operators have made: built for the
 * table that takes its place, and given their names in the swap. Belongs to one thread.
 */
final class OtherIndexes {

  private static final String PREFIX = "product_media_next_";

  /** What follows the name of the table. */
  private static final String USING = " USING ";

  private static final String ALL =
      """
      select quote_ident(c.relname), i.indisunique, pg_get_indexdef(i.indexrelid)
      from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indrelid = 'product_media'::regclass and not i.indisprimary and i.indisvalid
      order by c.relname""";

  /**
   * An index of the one table and of the other. Immutable.
   *
   * @param name as it is written in SQL
   */
  private record Pair(String name, String next) {}

  private final Connection connection;
  private final List<Pair> pairs = new ArrayList<>();

  OtherIndexes(Connection connection) {
    this.connection = connection;
  }

  /** Builds them for {@code product_media_next}, as those of {@code product_media} are now. */
  void build() throws SQLException {
    pairs.clear();
    List<String> statements = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(ALL);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        String next = PREFIX + pairs.size();
        String definition = row.getString(3);
        pairs.add(new Pair(row.getString(1), next));
        statements.add("drop index if exists " + next);
        statements.add(
            "create %sindex %s on product_media_next%s"
                .formatted(
                    row.getBoolean(2) ? "unique " : "",
                    next,
                    definition.substring(definition.indexOf(USING))));
      }
    }
    for (String statement : statements) {
      Sql.execute(connection, statement);
    }
  }

  /** Gives them the names of the others, whose table was renamed in the same transaction. */
  void swap() throws SQLException {
    for (Pair pair : pairs) {
      Sql.execute(connection, "alter index %s rename to %s_old".formatted(pair.name, pair.next));
      Sql.execute(connection, "alter index %s rename to %s".formatted(pair.next, pair.name));
    }
  }
}
