package dev.canvas.app.doctor;

import dev.canvas.app.config.StartFailure;
import dev.canvas.data.DataNode;
import dev.canvas.diagnosis.Diagnosis;
import dev.canvas.postgres.PostgresDataSource;
import dev.canvas.postgres.PostgresFailure;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.postgres.SessionCheck;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * What a Postgres database has to be for Canvas to use it: a start requires it, and the doctor
 * reports it.
 */
public final class PostgresRequirements {

  private static final int MIN_MAJOR_VERSION = 14;

  /** The rights on the tables that the service needs, if there are tables and it is no owner. */
  private static final String MISSING_RIGHTS =
      """
      select string_agg(wanted.privilege || ' on ' || wanted.name, ', ' order by wanted.name, wanted.privilege)
      from (values
        ('product_media', 'select'), ('product_media', 'insert'), ('product_media', 'update'),
        ('media_outbox', 'select'), ('media_outbox', 'insert'), ('media_outbox', 'delete'),
        ('catalogue', 'select'), ('catalogue', 'update'),
        ('canvas_schema_history', 'select')) wanted (name, privilege)
      where to_regclass(wanted.name) is not null
        and not has_table_privilege(to_regclass(wanted.name), wanted.privilege)\
      """;

  private static final String MISSING_SEQUENCES =
      """
      select string_agg('usage on ' || wanted.name, ', ')
      from (values ('media_version'), ('media_item_id')) wanted (name)
      where to_regclass(wanted.name) is not null
        and not has_sequence_privilege(to_regclass(wanted.name), 'usage')\
      """;

  private PostgresRequirements() {}

  /**
   * Checks that a database can be used.
   *
   * @param dataVerticles the number that will connect to it
   * @throws StartFailure saying what is missing and what to do about it
   * @throws SQLException if the database cannot be asked
   */
  public static void require(PostgresSettings settings, int dataVerticles) throws SQLException {
    DataSource database = PostgresDataSource.withReadTimeout(settings);
    String pooled = SessionCheck.problem(database).orElse(null);
    if (pooled != null) {
      throw unusable(settings, pooled + ": " + SessionCheck.REMEDY);
    }
    try (Connection connection = database.getConnection()) {
      for (Finding finding : findings(connection)) {
        if (finding.verdict() == Finding.Verdict.FAIL) {
          throw unusable(settings, finding.observation() + ": " + finding.remedy());
        }
      }
      Finding connections = connections(connection, dataVerticles);
      if (connections.verdict() == Finding.Verdict.FAIL) {
        throw unusable(settings, connections.observation() + ": " + connections.remedy());
      }
    }
  }

  /** The failure of a start for which a database cannot be used. */
  public static StartFailure unusable(PostgresSettings settings, Exception failure) {
    return new StartFailure(message(settings, PostgresFailure.of(failure).toString()), failure);
  }

  private static StartFailure unusable(PostgresSettings settings, String reason) {
    return new StartFailure(message(settings, reason));
  }

  private static String message(PostgresSettings settings, String reason) {
    return "Postgres at %s cannot be used: %s".formatted(settings, reason);
  }

  static List<Finding> findings(Connection connection) throws SQLException {
    return List.of(
        version(connection), encoding(connection), writing(connection), role(connection));
  }

  /** Fails if the server can never have so many; warns if it has not now. */
  static Finding connections(Connection connection, int dataVerticles) throws SQLException {
    PostgresConnections connections = PostgresConnections.read(connection);
    int needed = DataNode.postgresConnections(dataVerticles);
    String observation = "%s; this process needs %d".formatted(connections, needed);
    String remedy = "raise max_connections, or lower CANVAS_DATA_INSTANCES";
    return needed > connections.max() - connections.reserved()
        ? Finding.fail("postgres connections", observation, remedy)
        : Finding.warnUnless(
            needed <= connections.available(0), "postgres connections", observation, remedy);
  }

  private static Finding version(Connection connection) throws SQLException {
    int major = connection.getMetaData().getDatabaseMajorVersion();
    return Finding.failUnless(
        major >= MIN_MAJOR_VERSION,
        "postgres version",
        connection.getMetaData().getDatabaseProductVersion(),
        "upgrade to Postgres " + MIN_MAJOR_VERSION + " or later");
  }

  private static Finding encoding(Connection connection) throws SQLException {
    String encoding = text(connection, "show server_encoding");
    String remedy =
        "create it anew, so that it holds every character: create database … encoding 'UTF8'"
            + " template template0";
    return encoding.equals("SQL_ASCII")
        ? Finding.warn(
            "postgres encoding", "SQL_ASCII, which checks no text that SQL writes", remedy)
        : Finding.failUnless(
            encoding.equals("UTF8"),
            "postgres encoding",
            encoding.equals("UTF8") ? encoding : "the encoding of the database is " + encoding,
            remedy);
  }

  private static Finding writing(Connection connection) throws SQLException {
    Diagnosis readOnly = PostgresFailure.READ_ONLY;
    return text(connection, PostgresSettings.IS_WRITABLE).equals("t")
        ? Finding.ok("postgres writing", "accepts writes")
        : Finding.fail("postgres writing", readOnly.problem(), readOnly.remedy());
  }

  private static Finding role(Connection connection) throws SQLException {
    String user = text(connection, "select current_user");
    if (text(connection, "select current_schema()") == null) {
      return Finding.fail(
          "postgres role",
          "no schema of search_path exists, or role %s may use none".formatted(user),
          "create the schema, or: grant usage on schema public to " + user);
    }
    boolean empty = text(connection, "select to_regclass('product_media')") == null;
    if (empty) {
      boolean creates =
          "t".equals(text(connection, "select has_schema_privilege(current_schema(), 'create')"));
      String schema = text(connection, "select current_schema()");
      return Finding.failUnless(
          creates,
          "postgres role",
          creates
              ? user + " may create the tables"
              : "role %s may not create tables in schema %s".formatted(user, schema),
          "grant create on schema %s to %s, or start once as the owner of the database"
              .formatted(schema, user));
    }
    List<String> missing =
        Stream.of(text(connection, MISSING_RIGHTS), text(connection, MISSING_SEQUENCES))
            .filter(rights -> rights != null)
            .toList();
    return Finding.failUnless(
        missing.isEmpty(),
        "postgres role",
        missing.isEmpty()
            ? user + " has the rights that it needs"
            : "role %s lacks %s".formatted(user, String.join(", ", missing)),
        "grant them, or make the role the owner of the tables (docs/operations.md, \"The role\")");
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getString(1) : null;
    }
  }
}
