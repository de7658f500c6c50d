package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.PostgresDataSource;
import dev.canvas.app.config.Settings;
import dev.canvas.data.DataNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What the doctor looks at in Postgres. */
public final class PostgresChecks {

  private static final int OLDEST = 14;

  private final Configuration configuration;

  public PostgresChecks(Configuration configuration) {
    this.configuration = configuration;
  }

  public List<Finding> findings() {
    String uri = configuration.data().postgresUri();
    DataSource database = PostgresDataSource.impatient(uri);
    List<Finding> findings = new ArrayList<>();
    try (Connection connection = database.getConnection()) {
      findings.add(Finding.ok("postgres", "reached at " + Settings.withoutPassword(uri)));
      findings.add(version(connection));
      findings.add(connections(connection));
      findings.add(durability(connection));
      List<Finding> tables = tables(connection);
      findings.addAll(tables);
      findings.addAll(new StorageChecks(connection).findings(tables.size() > 1));
    } catch (SQLException failure) {
      findings.add(
          Finding.fail(
              "postgres",
              failure.getMessage().lines().findFirst().orElse("no answer"),
              "start it, or set CANVAS_POSTGRES_URI (now "
                  + Settings.withoutPassword(uri)
                  + "); for a demonstration: ./canvas up"));
    }
    return findings;
  }

  private static Finding version(Connection connection) throws SQLException {
    int major = connection.getMetaData().getDatabaseMajorVersion();
    return major >= OLDEST
        ? Finding.ok("postgres version", connection.getMetaData().getDatabaseProductVersion())
        : Finding.fail("postgres version", "" + major, "needs " + OLDEST + " or later: upgrade");
  }

  private Finding connections(Connection connection) throws SQLException {
    PostgresConnections connections = PostgresConnections.read(connection);
    int wanted = DataNode.postgresConnections(configuration.dataInstances());
    return Finding.unless(
        wanted <= connections.free(0),
        "postgres connections",
        "%s; this process takes %d".formatted(connections, wanted),
        "raise max_connections, or lower CANVAS_DATA_INSTANCES");
  }

  private static Finding durability(Connection connection) throws SQLException {
    String fsync = text(connection, "show fsync");
    String commit = text(connection, "show synchronous_commit");
    return Finding.unless(
        fsync.equals("on") && !commit.equals("off"),
        "postgres durability",
        "fsync " + fsync + ", synchronous_commit " + commit,
        "switch both on, or a crash loses confirmed writes");
  }

  private static List<Finding> tables(Connection connection) throws SQLException {
    if (text(connection, "select to_regclass('product_media')") == null) {
      return List.of(
          Finding.warn(
              "tables", "there are none yet", "nothing: ./canvas serve makes them at its start"));
    }
    String index =
        text(
            connection,
            """
            select string_agg(indexrelid::regclass::text, ', ')
            from pg_index
            where indrelid = 'product_media'::regclass and indisunique and indisvalid
              and indkey::text = (
                select attnum::text from pg_attribute
                where attrelid = 'product_media'::regclass and attname = 'product_id')""");
    String estimate =
        text(
            connection,
            "select greatest(reltuples, 0)::bigint from pg_class"
                + " where oid = 'product_media'::regclass");
    return List.of(
        Finding.ok("tables", "product_media holds about " + estimate + " products"),
        index != null
            ? Finding.ok("index", "on product_id: " + index)
            : Finding.fail(
                "index",
                "product_id has none, so each read scans the table",
                "alter table product_media add primary key (product_id)"));
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getString(1) : null;
    }
  }
}
