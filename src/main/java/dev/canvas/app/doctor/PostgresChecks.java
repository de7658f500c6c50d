package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.diagnosis.Diagnosis;
import dev.canvas.postgres.PostgresDataSource;
import dev.canvas.postgres.PostgresFailure;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.postgres.SessionCheck;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Checks the Postgres server and the tables of the store. */
final class PostgresChecks {

  private final Configuration configuration;

  PostgresChecks(Configuration configuration) {
    this.configuration = configuration;
  }

  List<Finding> findings() {
    PostgresSettings settings = configuration.data().postgres();
    DataSource database = PostgresDataSource.withReadTimeout(settings);
    List<Finding> findings = new ArrayList<>();
    try (Connection connection = database.getConnection()) {
      findings.add(Finding.ok("postgres", "reachable at " + settings));
      SessionCheck.problem(database)
          .ifPresent(
              problem ->
                  findings.add(Finding.fail("postgres pooler", problem, SessionCheck.REMEDY)));
      findings.addAll(PostgresRequirements.findings(connection));
      findings.add(PostgresRequirements.connections(connection, configuration.dataInstances()));
      findings.add(durability(connection));
      List<Finding> tables = tables(connection);
      findings.addAll(tables);
      findings.addAll(new PostgresStorageChecks(connection).findings(tables.size() > 1));
    } catch (SQLException failure) {
      Diagnosis diagnosis = PostgresFailure.of(failure);
      findings.add(
          Finding.fail(
              "postgres", diagnosis.problem(), diagnosis.remedy() + "; now it is " + settings));
    }
    return findings;
  }

  private static Finding durability(Connection connection) throws SQLException {
    String fsync = text(connection, "show fsync");
    String commit = text(connection, "show synchronous_commit");
    return Finding.warnUnless(
        fsync.equals("on") && !commit.equals("off"),
        "postgres durability",
        "fsync " + fsync + ", synchronous_commit " + commit,
        "turn both on; otherwise a crash loses confirmed writes");
  }

  private static List<Finding> tables(Connection connection) throws SQLException {
    if (text(connection, "select to_regclass('product_media')") == null) {
      return List.of(
          Finding.warn(
              "tables", "do not exist yet", "nothing: ./canvas serve creates them when it starts"));
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
                where attrelid = 'product_media'::regclass and attname = 'product_id')\
            """);
    String estimate =
        text(
            connection,
            "select greatest(reltuples, 0)::bigint from pg_class"
                + " where oid = 'product_media'::regclass");
    return List.of(
        Finding.ok("tables", "product_media holds about " + estimate + " products"),
        Finding.failUnless(
            index != null,
            "index",
            index == null
                ? "product_id has no unique index, so each read scans the table"
                : "on product_id: " + index,
            "alter table product_media add primary key (product_id)"));
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getString(1) : null;
    }
  }
}
