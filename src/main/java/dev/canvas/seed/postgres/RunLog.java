package dev.canvas.seed.postgres;

import dev.canvas.seed.target.SeedRequest;
import dev.canvas.seed.target.Target;
import dev.canvas.seed.target.TargetStore;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Records runs in the tables {@code seed_run} and {@code seed_chunk}. Blocking. */
final class RunLog {

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

  private final Connection connection;

  RunLog(Connection connection) {
    this.connection = connection;
  }

  /** The run that began last. */
  Optional<TargetStore.LastRun> last() throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LAST);
        ResultSet row = select.executeQuery()) {
      return row.next()
          ? Optional.of(
              new TargetStore.LastRun(
                  row.getLong(1),
                  SeedRequest.of(new JsonObject(row.getString(2))),
                  row.getString(3),
                  row.getInt(4),
                  row.getLong(5),
                  new Target.Tally(row.getLong(6), row.getLong(7), row.getLong(8)),
                  row.getLong(9),
                  SeedLock.isHeld(connection)))
          : Optional.empty();
    }
  }

  /** Records a new run, and abandons any earlier one that has not finished. */
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

  void setFirstVersion(long run, long version) throws SQLException {
    Sql.execute(connection, "update seed_run set first_version = ? where id = ?", version, run);
  }

  long firstVersion(long run) throws SQLException {
    return Sql.number(connection, "select first_version from seed_run where id = ?", run);
  }

  void setTotal(long run, long products) throws SQLException {
    Sql.execute(connection, "update seed_run set total = ? where id = ?", products, run);
  }

  void setState(long run, String state) throws SQLException {
    Sql.execute(
        connection,
        "update seed_run set state = ?, ended_at = case ? when 'loading' then null else clock_timestamp() end"
            + " where id = ?",
        state,
        state,
        run);
  }

  /**
   * Finishes a run and starts the next generation of the catalogue, in the caller's transaction. A
   * table that the run adopted makes room for the view of its name.
   *
   * @return the new generation
   */
  long finish(Target.RunPlan plan) throws SQLException {
    if (plan.request().fromTable()) {
      Sql.execute(connection, "alter table shoe_images rename to shoe_images_adopted");
      Sql.execute(connection, "select make_shoe_images()");
    }
    setState(plan.run(), "done");
    return Sql.number(
        connection, "update catalogue set generation = generation + 1 returning generation");
  }

  /** The chunks of a run that are committed. */
  Set<Integer> chunks(long run) throws SQLException {
    Set<Integer> chunks = new HashSet<>();
    try (PreparedStatement select =
            Sql.prepare(connection, "select chunk from seed_chunk where run = ?", run);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        chunks.add(rows.getInt(1));
      }
    }
    return chunks;
  }

  /** Records a chunk, in the transaction that loads it. */
  static void addChunk(Connection loading, long run, int chunk, Target.Tally tally)
      throws SQLException {
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
