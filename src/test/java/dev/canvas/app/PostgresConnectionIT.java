package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.postgres.PostgresStoreFactory;
import dev.canvas.data.postgres.Schema;
import dev.canvas.data.store.Store;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.embedded.OwnPostgres;
import dev.canvas.media.ProductId;
import dev.canvas.postgres.PostgresDataSource;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.testing.TestCertificates;
import dev.canvas.testing.TestServers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How a Postgres that accepts TLS only, a Unix socket and several hosts are reached: by JDBC
 * (migrations, loads, checks) and by the Vert.x client, from one URI.
 */
class PostgresConnectionIT {

  /** Every character that a URI, a password file or a connection string could take for its own. */
  private static final String PASSWORD = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~€ä%41";

  private static Path directory;
  private static TestCertificates certificates;
  private static TestCertificates strangers;
  private static TestCertificates.Issued client;
  private static OwnPostgres postgres;
  private static OwnPostgres standby;
  private static Vertx vertx;

  @BeforeAll
  static void start() throws Exception {
    directory = Files.createTempDirectory("canvas-postgres");
    certificates = new TestCertificates(directory.resolve("ca"));
    strangers = new TestCertificates(directory.resolve("strangers"));
    client = certificates.issue("certified");
    TestCertificates.Issued server = certificates.issue("localhost", "dns:localhost");
    postgres = OwnPostgres.create(TestServers.BINARIES, directory.resolve("primary"));
    postgres.configure(
        "unix_socket_directories = '" + directory + "'",
        "ssl = on",
        "ssl_cert_file = '" + server.certificate() + "'",
        "ssl_key_file = '" + server.key() + "'",
        "ssl_ca_file = '" + certificates.ca() + "'");
    postgres.allow(
        "local   all postgres            trust",
        "local   all all                 scram-sha-256",
        "hostssl all certified 127.0.0.1/32 cert",
        "hostssl all all 127.0.0.1/32    scram-sha-256");
    postgres.start();
    try (Connection connection = jdbc(socket("postgres", "postgres"))) {
      execute(
          connection,
          "create role shop login password '%s'".formatted(PASSWORD.replace("'", "''")));
      execute(connection, "create role certified login");
      execute(connection, "create database canvas owner shop");
      execute(
          connection,
          "create role owner login password '%s'".formatted(PASSWORD.replace("'", "''")));
      execute(connection, "create database commands owner owner");
      execute(connection, "grant pg_read_all_stats to shop, certified");
    }
    try (Connection connection = jdbc(socket("postgres", "canvas"))) {
      Schema.migrate(PostgresDataSource.of(PostgresSettings.of(socket("postgres", "canvas"))));
      execute(connection, "grant all on all tables in schema public to shop, certified");
      execute(connection, "grant all on all sequences in schema public to shop, certified");
      execute(connection, "create schema elsewhere authorization shop");
    }
    postgres.stop();
    standby = postgres.standby(directory.resolve("standby")).start();
    postgres.start();
    vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
    postgres.close();
    standby.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?sslmode=require", "?sslmode=prefer", "?sslmode=allow", "?ssl=true", ""})
  void bothClientsUseTlsWhereTheServerInsists(String parameters) throws Exception {
    assertConnects(tcp("127.0.0.1", parameters), true);
  }

  @Test
  void caAloneMeansVerifyFull() throws Exception {
    String parameters = "?sslrootcert=" + encoded(certificates.ca());
    assertConnects(tcp("localhost", parameters), true);
    assertRefused(tcp("127.0.0.1", parameters), "is for another name");
    assertConnects(tcp("127.0.0.1", parameters + "&sslmode=verify-ca"), true);
    // As libpq does: with a CA, require verifies it.
    assertConnects(tcp("127.0.0.1", parameters + "&sslmode=require"), true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify-full", "verify-ca", "require"})
  void wrongCaIsRefused(String mode) {
    assertRefused(
        tcp("localhost", "?sslmode=" + mode + "&sslrootcert=" + encoded(strangers.ca())),
        "is not signed by a CA that is trusted");
  }

  @Test
  void systemTrustsThePublicAuthoritiesAlone() {
    assertRefused(tcp("localhost", "?sslrootcert=system"), "is not signed by a CA that is trusted");
  }

  @Test
  void certificateOfTheNameIsExpectedAtTheAddress() throws Exception {
    String parameters = "?hostaddr=127.0.0.1&sslrootcert=" + encoded(certificates.ca());
    assertConnects(tcp("localhost", parameters), true);
    assertRefused(tcp("db.invalid", parameters), "is for another name");
  }

  @Test
  void clientCertificateReplacesThePassword() throws Exception {
    String uri =
        "postgresql://certified@localhost:%d/canvas?sslrootcert=%s&sslcert=%s&sslkey=%s"
            .formatted(
                postgres.port(),
                encoded(certificates.ca()),
                encoded(client.certificate()),
                encoded(client.key()));
    assertConnects(uri, true);
    assertRefused(
        "postgresql://certified@localhost:%d/canvas?sslmode=require".formatted(postgres.port()),
        "requires a valid client certificate");
  }

  @Test
  void withoutTlsTheServerRefuses() {
    assertRefused(tcp("127.0.0.1", "?sslmode=disable"), "no encryption");
  }

  @Test
  void wrongPasswordIsToldOnceAndNotShown() {
    for (String mode : List.of("prefer", "allow", "require")) {
      String uri =
          "postgresql://shop:not+this@localhost:%d/canvas?sslmode=%s"
              .formatted(postgres.port(), mode);
      assertFalse(assertRefused(uri, "password authentication failed").contains("not+this"));
    }
  }

  @Test
  void unixSocketNeedsNoTls() throws Exception {
    assertConnects(socket("shop:" + encoded(PASSWORD), "canvas"), false);
    String uri =
        "postgresql://shop:%s@%s:%d/canvas?sslmode=require"
            .formatted(encoded(PASSWORD), encoded(directory), postgres.port());
    assertConnects(uri, false);
  }

  @Test
  void passwordFileAndServiceFileAreThoseOfLibpq() throws Exception {
    Path passwords = directory.resolve("passwords");
    Files.writeString(
        passwords,
        "other:*:*:*:wrong\nlocalhost:%d:canvas:shop:%s\n"
            .formatted(postgres.port(), PASSWORD.replace("\\", "\\\\").replace(":", "\\:")));
    Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
    assertConnects(
        "postgresql://shop@localhost:%d/canvas?passfile=%s"
            .formatted(postgres.port(), encoded(passwords)),
        true);
  }

  @Test
  void optionsReachBothClients() throws Exception {
    String uri = tcp("localhost", "?options=" + encoded("-csearch_path=elsewhere -cwork_mem=77MB"));
    try (Connection connection = jdbc(uri)) {
      assertEquals("elsewhere", text(connection, "show search_path"));
      assertEquals("77MB", text(connection, "show work_mem"));
    }
    // There are no tables in that schema.
    assertThrows(Exception.class, () -> read(uri));
  }

  @Test
  void firstHostMayBeDownOrAStandby() throws Exception {
    String password = encoded(PASSWORD);
    String others =
        "postgresql://shop:%s@127.0.0.1:1,127.0.0.1:%d,127.0.0.1:%d/canvas"
            .formatted(password, standby.port(), postgres.port());
    assertConnects(others, true);
    assertConnects(others + "?target_session_attrs=primary", true);
    assertRefused(
        "postgresql://shop:%s@127.0.0.1:%d/canvas?target_session_attrs=read-write"
            .formatted(password, standby.port()),
        "is read-only");
  }

  @Test
  void aStandbyThatTheUriAllowsIsReadByAnExportOnly() {
    String uri =
        "postgresql://shop:%s@127.0.0.1:%d/canvas?target_session_attrs=any"
            .formatted(encoded(PASSWORD), standby.port());
    Exception refused = assertThrows(Exception.class, () -> read(uri));
    assertTrue(refused.getMessage().contains("it is a standby"), refused.getMessage());
    CanvasProcess.run(
        0,
        Map.of("CANVAS_POSTGRES_URI", uri),
        "export",
        "--file",
        directory.resolve("exported").toString());
  }

  @Test
  void reconnectsToTheHostThatIsWritable() throws Exception {
    String uri =
        "postgresql://shop:%s@127.0.0.1:%d,127.0.0.1:%d/canvas?application_name=failover"
            .formatted(encoded(PASSWORD), postgres.port(), standby.port());
    LoopStore store = LoopStore.connect(uri);
    try {
      try (Connection connection = jdbc(socket("postgres", "canvas"))) {
        execute(
            connection,
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name ="
                + " 'failover'");
      }
      await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(store::isMissing);
    } finally {
      store.close();
    }
  }

  @Test
  void everyCommandReadsTheOneUri() {
    Map<String, String> environment =
        environment(
            "postgresql://owner:%s@localhost:%d/commands?sslrootcert=%s"
                .formatted(encoded(PASSWORD), postgres.port(), encoded(certificates.ca())));
    String loaded = CanvasProcess.run(0, environment, "seed", "--rows", "10", "--truncate");
    assertTrue(loaded.contains("10"), loaded);
    String exported = CanvasProcess.run(0, environment, "export");
    assertEquals(
        10, exported.lines().filter(line -> line.startsWith("{\"product_id\"")).count(), exported);
    try (CanvasProcess canvas = new CanvasProcess(environment, "serve")) {
      canvas.awaitLine("serves on http");
    }
    String examined = doctor(environment);
    assertTrue(
        examined.contains("reachable at postgresql://owner:…@localhost:" + postgres.port()),
        examined);
  }

  @Test
  void wrongCaIsOneLineAtTheStartAndInTheDoctor() {
    Map<String, String> environment =
        environment(tcp("localhost", "?sslrootcert=" + encoded(strangers.ca())));
    String reason = "is not signed by a CA that is trusted";
    String output = CanvasProcess.run(1, environment, "serve");
    // On a busy machine, the start may wait for an answer first, and say so.
    List<String> lines = output.lines().filter(line -> !line.contains("StartWait")).toList();
    assertEquals(1, lines.size(), output);
    assertTrue(lines.get(0).contains(reason) && lines.get(0).contains("sslrootcert"), output);
    assertTrue(doctor(environment).contains(reason));
  }

  private static Map<String, String> environment(String uri) {
    return Map.of(
        "CANVAS_POSTGRES_URI",
        uri,
        "CANVAS_REDIS_URI",
        TestServers.shared().redisUri() + "/7",
        "CANVAS_AUTH_MODE",
        "none",
        "CANVAS_HTTP_PORT",
        "0",
        "CANVAS_MANAGEMENT_PORT",
        "0");
  }

  private static String doctor(Map<String, String> environment) {
    try (CanvasProcess doctor = new CanvasProcess(environment, "doctor")) {
      doctor.exitCode(Duration.ofSeconds(90));
      return doctor.output();
    }
  }

  @Test
  void attemptsThatMeetALockLeaveNoServerProcessBehind() throws Exception {
    String uri = tcp("localhost", "?application_name=behind-a-lock");
    try (Connection owner = jdbc(socket("postgres", "canvas"));
        Connection observer = jdbc(socket("postgres", "canvas"))) {
      owner.setAutoCommit(false);
      execute(owner, "lock table product_media");
      LoopStore store = LoopStore.of(uri);
      try {
        store.loop().runOnContext(begin -> store.store().connect());
        List<String> waited = new ArrayList<>();
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  waiting(observer).stream()
                      .filter(pid -> !waited.contains(pid))
                      .forEach(waited::add);
                  return waited.size() > 2;
                });
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> Collections.disjoint(waited.subList(0, 2), waiting(observer)));
      } finally {
        store.close();
      }
    }
  }

  /** The server processes of the test above that wait for the lock. */
  private static List<String> waiting(Connection connection) throws SQLException {
    String pids =
        text(
            connection,
            "select string_agg(pid::text, ' ') from pg_stat_activity"
                + " where application_name = 'behind-a-lock' and wait_event_type = 'Lock'");
    return pids == null ? List.of() : List.of(pids.split(" "));
  }

  /** Connects by both clients and checks whether they use TLS. */
  private static void assertConnects(String uri, boolean tls) throws Exception {
    try (Connection connection = jdbc(uri)) {
      String own = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
      assertEquals(tls ? "t" : "f", text(connection, own), uri);
    }
    assertTrue(read(uri), uri);
  }

  /** Both clients fail, and the reason is one line with this text; returns that of JDBC. */
  private static String assertRefused(String uri, String reason) {
    SQLException jdbc = assertThrows(SQLException.class, () -> jdbc(uri).close());
    assertTrue(jdbc.getMessage().contains(reason), jdbc.getMessage());
    assertEquals(1, jdbc.getMessage().lines().count(), jdbc.getMessage());
    Exception client = assertThrows(Exception.class, () -> read(uri));
    assertTrue(client.getMessage().contains(reason), client.getMessage());
    assertEquals(1, client.getMessage().lines().count(), client.getMessage());
    return jdbc.getMessage() + client.getMessage();
  }

  private static Connection jdbc(String uri) throws SQLException {
    return PostgresDataSource.of(PostgresSettings.of(uri)).getConnection();
  }

  /** A store on an event loop, on which it has to be used. */
  private record LoopStore(Context loop, Store store) {

    static LoopStore of(String uri) {
      Duration patient = Duration.ofSeconds(10);
      StoreFactory stores =
          new PostgresStoreFactory(
              PostgresSettings.of(uri), new StoreFactory.Timeouts(patient, patient, patient));
      Context loop = ((VertxInternal) vertx).createEventLoopContext();
      return new LoopStore(loop, stores.store(loop));
    }

    static LoopStore connect(String uri) throws Exception {
      LoopStore connected = of(uri);
      try {
        connected.on(Store::connect);
        return connected;
      } catch (Exception failure) {
        connected.close();
        throw failure;
      }
    }

    /** Reads a product that does not exist. */
    boolean isMissing() throws Exception {
      return on(store -> store.select(new ProductId(1))).media().isEmpty();
    }

    void close() throws Exception {
      on(
          store ->
              Future.future(
                  closed -> {
                    store.close();
                    closed.complete();
                  }));
    }

    private <T> T on(Function<Store, Future<T>> use) throws Exception {
      Promise<T> done = Promise.promise();
      loop.runOnContext(begin -> use.apply(store).onComplete(done));
      return done.future().await(20, TimeUnit.SECONDS);
    }
  }

  private static boolean read(String uri) throws Exception {
    LoopStore store = LoopStore.connect(uri);
    try {
      return store.isMissing();
    } finally {
      store.close();
    }
  }

  private static String tcp(String host, String parameters) {
    return "postgresql://shop:%s@%s:%d/canvas%s"
        .formatted(encoded(PASSWORD), host, postgres.port(), parameters);
  }

  private static String socket(String user, String database) {
    return "postgresql://%s@/%s?host=%s&port=%d"
        .formatted(user, database, encoded(directory), postgres.port());
  }

  private static String encoded(Object text) {
    return URLEncoder.encode(text.toString(), StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getString(1) : null;
    }
  }
}
