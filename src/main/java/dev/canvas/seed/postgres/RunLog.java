package dev.canvas.seed.postgres;

import dev.canvas.seed.SeedRequest;
import dev.canvas.seed.Tally;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What is known of the runs, in the tables {@code seed_run} and {@code seed_chunk}. Blocking. */
public final class RunLog {

  private static final String LAST =
      """
      select r.id, r.request, r.state, r.streams, coalesce(r.total, -1),
        coalesce(c.loaded, 0), coalesce(c.rejected, 0), coalesce(c.bytes, 0),
        (extract(epoch from coalesce(r.ended_at, clock_timestamp()) - r.started_at) * 1000)::bigint
      from seed_run r
      left join lateral (
        select sum(loaded) as loaded, sum(rejected) as rejected, sum(bytes) as bytes
        from seed_chunk where run = r.id
      ) c on true
      order by r.id desc
      limit 1""";

  /**
   * A run as it stands there. Immutable.
   *
   * @param isRunning whether somebody loads now
   */
  public record Entry(
      long number,
      SeedRequest request,
      String state,
      int streams,
      long total,
      Tally tally,
      long elapsedMs,
      boolean isRunning) {

    public boolean isOver() {
      return state.equals("done") || state.equals("abandoned");
    }
  }

  private final Connection connection;

  RunLog(Connection connection) {
    this.connection = connection;
  }

  /** The last run that began. */
  Optional<Entry> last() throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LAST);
        ResultSet row = select.executeQuery()) {
      return row.next()
          ? Optional.of(
              new Entry(
                  row.getLong(1),
                  SeedRequest.of(new JsonObject(row.getString(2))),
                  row.getString(3),
                  row.getInt(4),
                  row.getLong(5),
                  new Tally(row.getLong(6), row.getLong(7), row.getLong(8)),
                  row.getLong(9),
                  SeedLock.isSomebodySeeding(connection)))
          : Optional.empty();
    }
  }

  /** Notes a new run; those that were not over are given up. */
  long begin(SeedRequest request, int streams) throws SQLException {
    Sql.execute(
        connection,
        "update seed_run set state = 'abandoned' where state not in ('done', 'abandoned')");
    return Sql.number(
        connection,
        "insert into seed_run (request, streams) values (?::json, ?) returning id",
        request.toJson().encode(),
        streams);
  }

  void expect(long run, long products) throws SQLException {
    Sql.execute(connection, "update seed_run set total = ? where id = ?", products, run);
  }

  void enter(long run, String state) throws SQLException {
    Sql.execute(
        connection,
        "update seed_run set state = ?, ended_at = case ? when 'loading' then null else clock_timestamp() end"
            + " where id = ?",
        state,
        state,
        run);
  }

  /** The chunks of a run that are in. */
  Set<Integer> chunks(long run) throws SQLException {
    Set<Integer> chunks = new HashSet<>();
    try (PreparedStatement select =
            Sql.prepared(connection, "select chunk from seed_chunk where run = ?", run);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        chunks.add(rows.getInt(1));
      }
    }
    return chunks;
  }

  /** Notes a chunk, in the transaction that brings it in. */
  static void chunk(Connection loading, long run, int chunk, Tally tally) throws SQLException {
    Sql.execute(
        loading,
        "insert into seed_chunk (run, chunk, loaded, rejected, bytes) values (?, ?, ?, ?, ?)",
        run,
        chunk,
        tally.loaded(),
        tally.rejected(),
        tally.bytes());
  }
}
