package dev.canvas.history;

import dev.canvas.history.Operation.Kind;
import dev.canvas.history.Operation.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A client that writes one product in an SQL transaction, and records it as an operation. */
final class SqlTransaction implements AutoCloseable {

  private static final int CLIENT = 3_000_000;

  private static final String LOCK =
      "select version from product_media where product_id = ? for update";

  private static final String WRITE =
      """
      update product_media
      set version = nextval('media_version'), media = ?::json
      where product_id = ?
      returning version""";

  private static final String WAITING =
      """
      select count(*)
      from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'""";

  private final TwoNodes nodes;
  private final Recorder recorder;
  private final Connection connection;

  /** Begins the transaction. */
  SqlTransaction(TwoNodes nodes, Recorder recorder) {
    this.nodes = nodes;
    this.recorder = recorder;
    try {
      connection = nodes.database().dataSource().getConnection();
      connection.setAutoCommit(false);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Locks the row of the product. */
  void lock(long product) {
    number(LOCK, product);
  }

  /** Whether another session waits for a lock. */
  boolean isWaitedFor() {
    return !nodes.database().query(WAITING).equals("0");
  }

  /** Writes a new value and commits. */
  void write(long product) {
    long value = recorder.newValue();
    long invoked = recorder.now();
    long version = number(WRITE, "[" + Values.item(value).put("id", 1).encode() + "]", product);
    try {
      connection.commit();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
    recorder.add(
        new Operation(
            CLIENT,
            Operation.DATABASE,
            Kind.WRITE,
            product,
            value,
            version,
            Outcome.OK,
            invoked,
            recorder.now(),
            "SQL"));
  }

  private long number(String sql, Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
