package dev.canvas.app.doctor;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.server.StoreOperations;
import dev.canvas.testing.Secrets;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a start refuses of a database, the doctor finds, in the same words. */
class PostgresRequirementsIT {

  private static final String PASSWORD = Secrets.secret("pw");

  private final TestDatabase database = new TestDatabase(TestServers.shared().postgresUri());
  private final String name = database.uri().replaceFirst(".*/", "");
  private final String role = "role_" + UUID.randomUUID().toString().replace('-', '_');

  @AfterEach
  void drop() {
    if (!database
        .query("select count(*) from pg_roles where rolname = '%s'".formatted(role))
        .equals("0")) {
      database.execute("drop owned by ROLE; drop role ROLE".replace("ROLE", role));
    }
    database.close();
  }

  @Test
  void aRoleThatMayNotCreateTables() {
    database.execute("create role %s login password '%s'".formatted(role, PASSWORD));
    assertRefused(asRole(), "postgres role", "may not create tables in schema public");
    database.execute("grant create on schema public to " + role);
    assertDoesNotThrow(() -> operations(asRole()).prepare());
  }

  @Test
  void aRoleWithoutRightsOnTheTables() {
    operations(database.uri()).prepare();
    database.execute("create role %s login password '%s'".formatted(role, PASSWORD));
    assertRefused(asRole(), "postgres role", "lacks", "insert on media_outbox");
    database.execute(
        """
        grant select, insert, update on product_media to ROLE;
        grant select, insert, delete on media_outbox to ROLE;
        grant select, update on catalogue to ROLE;
        grant select on canvas_schema_history to ROLE;
        grant usage on sequence media_version, media_item_id to ROLE\
        """
            .replace("ROLE", role));
    assertDoesNotThrow(() -> operations(asRole()).prepare());
  }

  @Test
  void aDatabaseThatCannotHoldEveryCharacter() {
    String latin = name + "_latin";
    database.execute(
        "create database %s encoding 'LATIN1' locale 'C' template template0 locale_provider libc"
            .formatted(latin));
    assertRefused(
        database.uri() + "_latin", "postgres encoding", "the encoding of the database is LATIN1");
    database.execute("drop database " + latin);
  }

  @Test
  void aDatabaseThatIsReadOnly() {
    database.execute("alter database %s set default_transaction_read_only = on".formatted(name));
    assertRefused(database.uri(), "postgres writing", "it is read-only");
    database.execute("set transaction read write; alter database %s reset all".formatted(name));
  }

  @Test
  void aWrongPasswordAndAMissingDatabase() {
    database.execute("create role %s login password '%s'".formatted(role, PASSWORD));
    String missing = database.uri() + "_missing";
    assertRefused(missing, "postgres", "the database does not exist (database");
    database.execute("alter role %s nologin".formatted(role));
    assertRefused(asRole(), "postgres", "it does not let this user in (role");
  }

  @Test
  void tooFewConnections() {
    assertRefused(
        database.uri(),
        Map.of("CANVAS_DATA_INSTANCES", "256"),
        "postgres connections",
        "this process needs 770");
  }

  private void assertRefused(String uri, String subject, String... words) {
    assertRefused(uri, Map.of(), subject, words);
  }

  private void assertRefused(
      String uri, Map<String, String> settings, String subject, String... words) {
    Configuration configuration = configuration(uri, settings);
    List<Finding> findings = new PostgresChecks(configuration).findings();
    Finding finding =
        findings.stream()
            .filter(each -> each.subject().equals(subject))
            .findFirst()
            .orElseThrow(() -> new AssertionError(findings));
    assertEquals(Finding.Verdict.FAIL, finding.verdict(), findings::toString);
    String refusal =
        assertThrows(StartFailure.class, () -> StoreOperations.of(configuration).prepare())
            .getMessage();
    for (String word : words) {
      assertTrue(finding.observation().contains(word), finding::toString);
      assertTrue(refusal.contains(word), refusal);
    }
    assertFalse(finding.remedy().startsWith("start it"), finding::toString);
    assertFalse(Secrets.isShownIn(finding + refusal), refusal);
  }

  private String asRole() {
    return database.uri().replaceFirst("://[^@]*@", "://%s:%s@".formatted(role, PASSWORD));
  }

  private static StoreOperations operations(String uri) {
    return StoreOperations.of(configuration(uri, Map.of()));
  }

  private static Configuration configuration(String uri, Map<String, String> settings) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("CANVAS_POSTGRES_URI", uri);
    return Configuration.load(null, environment);
  }
}
