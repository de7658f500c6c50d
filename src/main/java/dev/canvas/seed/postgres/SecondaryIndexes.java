package dev.canvas.seed.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries the secondary indexes that operators created on {@code product_media} over to the table
 * that replaces it: builds them for the new table, and gives them their names in the swap. Belongs
 * to one thread.
 */
final class SecondaryIndexes {

  private static final String PREFIX = "product_media_next_";

  /** In an index definition, follows the name of the table. */
  private static final String USING = " USING ";

  private static final String ALL =
      """
      select quote_ident(c.relname), i.indisunique, pg_get_indexdef(i.indexrelid),
        quote_literal(obj_description(i.indexrelid, 'pg_class'))
      from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indrelid = 'product_media'::regclass and not i.indisprimary and i.indisvalid
      order by c.relname\
      """;

  /**
   * An index of {@code product_media} and its counterpart. Immutable.
   *
   * @param name of the index, quoted for SQL
   * @param next the name of its counterpart on {@code product_media_next}
   * @param comment of the index, quoted for SQL; null without one
   */
  private record Pair(String name, String next, String comment) {}

  private final Connection connection;
  private final List<Pair> pairs = new ArrayList<>();

  SecondaryIndexes(Connection connection) {
    this.connection = connection;
  }

  /** Builds the indexes of {@code product_media} for {@code product_media_next}. */
  void build() throws SQLException {
    pairs.clear();
    List<String> statements = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(ALL);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        String next = PREFIX + pairs.size();
        String definition = row.getString(3);
        pairs.add(new Pair(row.getString(1), next, row.getString(4)));
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

  /** Renames the indexes, in the transaction that renames their tables. */
  void swap() throws SQLException {
    for (Pair pair : pairs) {
      Sql.execute(connection, "alter index %s rename to %s_old".formatted(pair.name, pair.next));
      Sql.execute(connection, "alter index %s rename to %s".formatted(pair.next, pair.name));
      if (pair.comment != null) {
        Sql.execute(connection, "comment on index %s is %s".formatted(pair.name, pair.comment));
      }
    }
  }
}
