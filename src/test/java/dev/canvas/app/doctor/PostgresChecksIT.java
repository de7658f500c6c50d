package dev.canvas.app.doctor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.server.StoreOperations;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the doctor finds in a Postgres that is or will be slow, and whether its remedies work. */
class PostgresChecksIT {

  private final TestDatabase database = new TestDatabase(TestServers.shared().postgresUri());
  private final Configuration configuration =
      Configuration.load(
          null, Map.of("CANVAS_POSTGRES_URI", database.uri(), "CANVAS_DATA_INSTANCES", "5"));

  @BeforeEach
  void prepare() {
    StoreOperations.of(configuration).prepare();
  }

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void missingPrimaryKeyIsAFailureThatItsRemedyFixes() {
    assertOk("index");
    database.execute("alter table product_media drop constraint product_media_pkey");
    assertRemedy(
        Finding.Verdict.FAIL, "index", "alter table product_media add primary key (product_id)");
    database.execute(finding("index").remedy());
    assertOk("index");
  }

  @Test
  void invalidIndexCountsAsMissing() {
    database.execute("alter table product_media drop constraint product_media_pkey");
    database.execute("create unique index unfinished on product_media (product_id)");
    assertOk("index");
    database.execute(
        "update pg_index set indisvalid = false where indexrelid = 'unfinished'::regclass");
    assertEquals(Finding.Verdict.FAIL, finding("index").verdict());
  }

  @Test
  void bloatIsReportedUntilVacuum() {
    database.execute("alter table product_media set (autovacuum_enabled = false)");
    database.execute(
        "insert into product_media (product_id, media) select n, '[]' from generate_series(1,"
            + " 30000) n");
    assertOk("bloat");
    database.execute("update product_media set media = '[ ]', version = nextval('media_version')");
    await().until(() -> finding("bloat").verdict() == Finding.Verdict.WARN);
    Finding bloat = finding("bloat");
    assertTrue(bloat.observation().contains("30,000 dead rows"), bloat::observation);
    assertTrue(bloat.remedy().startsWith("vacuum (analyze) product_media;"), bloat::remedy);
    database.execute("vacuum (analyze) product_media");
    await().until(() -> finding("bloat").verdict() == Finding.Verdict.OK);
  }

  @Test
  void disabledAutovacuumOfTheTableIsReported() {
    assertOk("autovacuum");
    database.execute("alter table product_media set (autovacuum_enabled = false)");
    assertRemedy(
        Finding.Verdict.WARN, "autovacuum", "alter table product_media reset (autovacuum_enabled)");
    database.execute("alter table product_media reset (autovacuum_enabled)");
    assertOk("autovacuum");
  }

  @Test
  void countsAllConnectionsOfTheProcess() {
    Finding connections = finding("postgres connections");
    assertTrue(connections.observation().endsWith("this process needs 17"), connections::toString);
  }

  @Test
  void unfinishedLoadIsReported() {
    assertOk("loads");
    database.execute("create table product_media_next (like product_media)");
    assertRemedy(Finding.Verdict.WARN, "loads", "./canvas seed --resume");
  }

  @Test
  void settingsThatSlowLoadsAreReported() {
    String name = database.uri().replaceFirst(".*/", "");
    database.execute("alter database %s set maintenance_work_mem = '1MB'".formatted(name));
    assertRemedy(
        Finding.Verdict.WARN, "loading: maintenance_work_mem", "set maintenance_work_mem to 256MB");
    database.execute("alter database %s set maintenance_work_mem = '256MB'".formatted(name));
    assertOk("loading: maintenance_work_mem");
    // The other settings belong to the server, which other tests share.
    assertSetting("max_wal_size", 4_000_000_000L, "4GB");
    assertSetting("shared_buffers", 250_000_000L, "a quarter of the memory");
  }

  private void assertSetting(String setting, long min, String recommended) {
    long bytes =
        Long.parseLong(
            database.query("select pg_size_bytes(current_setting('%s'))".formatted(setting)));
    if (bytes < min) {
      assertRemedy(
          Finding.Verdict.WARN,
          "loading: " + setting,
          "set %s to %s".formatted(setting, recommended));
    } else {
      assertOk("loading: " + setting);
    }
  }

  private void assertOk(String subject) {
    Finding finding = finding(subject);
    assertEquals(Finding.Verdict.OK, finding.verdict(), finding::toString);
  }

  private void assertRemedy(Finding.Verdict verdict, String subject, String remedy) {
    Finding finding = finding(subject);
    assertEquals(verdict, finding.verdict(), finding::toString);
    assertTrue(finding.remedy().contains(remedy), finding::toString);
  }

  private Finding finding(String subject) {
    return new PostgresChecks(configuration)
        .findings().stream()
            .filter(each -> each.subject().equals(subject))
            .findFirst()
            .orElseThrow();
  }
}
