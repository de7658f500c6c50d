package dev.canvas.data.postgres;

import io.vertx.core.Future;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.SqlConnection;

/** A connection to Postgres that rows are committed over. Immutable. */
interface CommitSession {

  /**
   * The server's process at the other end of a connection. Immutable.
   *
   * @param began when, as numbers of processes come again
   */
  record Backend(int processId, String began) {

    private static final String THIS =
        """
        select pid, backend_start::text
        from pg_stat_activity
        where pid = pg_backend_pid()""";

    /** That of a connection. */
    static Future<Backend> of(SqlConnection connection) {
      return connection
          .query(THIS)
          .execute()
          .map(rows -> rows.iterator().next())
          .map(row -> new Backend(row.getInteger(0), row.getString(1)));
    }
  }

  /** What is left is to look rows up by the index, in its order. */
  String LOOK_UP = "set enable_seqscan = off; set enable_bitmapscan = off";

  /** Ends a backend, given its process and its begin, and tells whether it is still there. */
  String END =
      """
      select pg_terminate_backend(pid)
      from pg_stat_activity
      where pid = $1 and backend_start::text = $2""";

  /** {@link #END}, prepared. */
  PreparedStatement end();

  /** At the other end of this connection. */
  Backend backend();
}
