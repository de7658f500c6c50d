package dev.canvas.data.postgres;

import dev.canvas.data.store.Commits;
import dev.canvas.data.store.Outbox;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Finds the rows of {@code product_media} that were written after a moment by the transaction that
 * wrote them ({@code xmin}): no index is needed, and no write costs more for it. The moment is the
 * oldest transaction that had not ended, so what commits later is found although it began earlier.
 * The table is read from end to end, in parts that take some milliseconds each.
 */
final class PostgresCommits implements Commits {

  /** 8 MB. */
  private static final int PAGES = 1_024;

  private static final String NOW =
      """
      select
        pg_snapshot_xmin(pg_current_snapshot())::text,
        coalesce((select id from media_outbox order by id desc limit 1), 0),
        (select last_value from media_version)\
      """;

  private static final String IS_RELAYED =
      "select not exists (select from media_outbox where id <= $1 order by id limit 1)";

  /** A part of the table, and whether it is the last one. */
  private static final String AFTER =
      """
      select
        product_id, version, media is null,
        null::boolean as is_last
      from product_media
      where ctid >= ('(' || $1::bigint || ',0)')::tid
        and ctid < ('(' || $1::bigint + $2::bigint || ',0)')::tid
        and age(xmin) <= age(($3::text)::xid8::xid)
      union all
      select
        0, 0, false,
        $1::bigint + $2::bigint
          >= pg_relation_size('product_media') / current_setting('block_size')::bigint\
      """;

  private final Function<Function<SqlConnection, Future<RowSet<Row>>>, Future<RowSet<Row>>>
      connection;

  /**
   * @param connection calls with the connection, if there is one
   */
  PostgresCommits(
      Function<Function<SqlConnection, Future<RowSet<Row>>>, Future<RowSet<Row>>> connection) {
    this.connection = connection;
  }

  @Override
  public Future<Moment> now() {
    return query(NOW, Tuple.tuple())
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Moment(row.getString(0), row.getLong(1), row.getLong(2));
            });
  }

  @Override
  public Future<Boolean> isRelayed(Moment moment) {
    return query(IS_RELAYED, Tuple.of(moment.lastMessage()))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  @Override
  public Future<Page> after(Moment moment, String next) {
    long first = next == null ? 0 : Long.parseLong(next);
    return query(AFTER, Tuple.of(first, (long) PAGES, moment.position()))
        .map(rows -> page(rows, first + PAGES));
  }

  private static Page page(RowSet<Row> rows, long next) {
    List<Outbox.Message> changes = new ArrayList<>();
    boolean last = false;
    for (Row row : rows) {
      Boolean isLast = row.getBoolean(3);
      if (isLast != null) {
        last = isLast;
      } else {
        changes.add(
            new Outbox.Message(
                0, new ProductId(row.getLong(0)), row.getLong(1), row.getBoolean(2)));
      }
    }
    return new Page(changes, last ? null : Long.toString(next));
  }

  private Future<RowSet<Row>> query(String sql, Tuple parameters) {
    return connection.apply(session -> session.preparedQuery(sql).execute(parameters));
  }
}
