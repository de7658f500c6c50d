package dev.canvas.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.cluster.ClusterSettings;
import dev.canvas.control.NodeRole;
import dev.canvas.couchdb.CouchDbSettings;
import dev.canvas.data.DataSettings;
import dev.canvas.data.StoreKind;
import dev.canvas.http.HttpSettings;
import dev.canvas.media.MediaHosts;
import dev.canvas.media.MediaRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings, their defaults and their validation. */
class ConfigurationTest {

  @TempDir private Path directory;

  @Test
  void defaultsApplyWithoutSettings() {
    Configuration configuration = Configuration.load(null, Map.of());
    assertEquals(1121, configuration.http().port());
    assertEquals("127.0.0.1", configuration.management().host());
    assertEquals(1122, configuration.management().port());
    assertEquals("no-cache", configuration.http().cacheControl());
    assertEquals(Duration.ofMinutes(10), configuration.data().cache().ttl());
    assertEquals(Runtime.getRuntime().availableProcessors(), configuration.dataInstances());
  }

  @Test
  void bridgeNeedsBothFilesForTls() {
    assertFalse(Configuration.load(null, Map.of()).bridge().isEnabled());
    assertEquals(
        7121, Configuration.load(null, Map.of("CANVAS_BRIDGE_TCP_PORT", "7121")).bridge().port());
    StartFailure failure =
        assertThrows(
            StartFailure.class,
            () -> Configuration.load(null, Map.of("CANVAS_BRIDGE_TCP_CERTIFICATE", "no.pem")));
    assertEquals(
        "bridge.tcp.certificate (CANVAS_BRIDGE_TCP_CERTIFICATE) is 'no.pem': expected a PEM file"
            + " that can be read, together with bridge.tcp.key",
        failure.getMessage());
  }

  @Test
  void sampleOfTheVerifierIsAShare() {
    assertEquals(
        0.01,
        Configuration.load(null, Map.of("CANVAS_VERIFY_SAMPLE", "0.01")).data().verifySample());
    for (String refused : List.of("1.5", "-1", "one", "NaN")) {
      StartFailure failure =
          assertThrows(
              StartFailure.class,
              () -> Configuration.load(null, Map.of("CANVAS_VERIFY_SAMPLE", refused)));
      assertEquals(
          "verify.sample (CANVAS_VERIFY_SAMPLE) is '%s': expected a number from 0 to 1, such as 0.01"
              .formatted(refused),
          failure.getMessage());
    }
  }

  @Test
  void redisUriMayNameAUnixSocket() {
    String uri = "unix:///run/redis/redis.sock?db=1";
    assertEquals(
        uri,
        Configuration.load(null, Map.of("CANVAS_REDIS_URI", uri))
            .data()
            .cache()
            .redis()
            .toString());
  }

  @Test
  void storeIsSelectedByName() {
    assertEquals(StoreKind.POSTGRES, Configuration.load(null, Map.of()).data().store());
    DataSettings data =
        Configuration.load(
                null,
                Map.of(
                    "CANVAS_STORE",
                    "couchdb",
                    "CANVAS_COUCHDB_URI",
                    "https://shop:p%40ss:word@db.example/media-1",
                    "CANVAS_COUCHDB_TIMEOUT",
                    "70ms"))
            .data();
    assertEquals(StoreKind.COUCHDB, data.store());
    assertEquals(
        new CouchDbSettings(true, "db.example", 6984, "shop", "p@ss:word", "media-1"),
        data.couchDb());
    assertEquals("https://shop:…@db.example:6984/media-1", data.couchDb().toString());
    assertEquals(70, data.timeouts().read().toMillis());
    assertEquals(1_000, data.timeouts().write().toMillis());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db.example/canvas",
        "postgresql://db.example/canvas",
        "http://db.example",
        "http://db.example/Canvas",
        "http://db.example/a/b",
        "http://db.example/canvas?x=1",
        "http://shop@db.example/canvas",
        "http://shop:secret@db example/canvas"
      })
  void malformedCouchDbUriIsRefusedWithoutItsPassword(String uri) {
    StartFailure refused =
        assertThrows(
            StartFailure.class, () -> Configuration.load(null, Map.of("CANVAS_COUCHDB_URI", uri)));
    assertTrue(
        refused
            .getMessage()
            .contains("expected a URI such as http://user:password@host:5984/canvas"),
        refused.getMessage());
    assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"auto, AUTO, SHOWN", "shown, SHOWN, SHOWN", "hidden, HIDDEN, HIDDEN"})
  void onlyUpShowsTheToolsOfOperatorsUnasked(
      String value, HttpSettings.OperatorTools serve, HttpSettings.OperatorTools up) {
    Configuration configured =
        Configuration.load(null, Map.of("CANVAS_HTTP_OPERATOR_TOOLS", value));
    assertEquals(serve, configured.http().operatorTools());
    assertEquals(up, configured.forUp("127.0.0.1").http().operatorTools());
  }

  @Test
  void crossOriginWritesAndHttpUrlsMustBeEnabled() {
    Configuration closed = Configuration.load(null, Map.of());
    assertEquals(Set.of(), closed.http().origins().writers());
    assertFalse(closed.http().rules().allowHttp());
    Configuration open =
        Configuration.load(
            null,
            Map.of(
                "CANVAS_HTTP_CORS_WRITE_ORIGINS",
                " https://A.example:443/ , http://localhost:3000, capacitor://localhost,"
                    + "https://my_shop.example,https://bücher.example",
                "CANVAS_MEDIA_ALLOW_HTTP",
                "true"));
    assertEquals(
        Set.of(
            "https://a.example",
            "http://localhost:3000",
            "capacitor://localhost",
            "https://my_shop.example",
            "https://xn--bcher-kva.example"),
        open.http().origins().writers());
    assertTrue(open.http().rules().allowHttp());
  }

  @Test
  void hostsOfMediaAreListed() {
    MediaRules listed =
        Configuration.load(null, Map.of("CANVAS_MEDIA_HOSTS", "cdn.example, *.img.example"))
            .http()
            .rules();
    assertEquals(MediaHosts.of(List.of("cdn.example", "*.img.example")), listed.hosts());
    assertEquals(MediaHosts.PUBLIC, Configuration.load(null, Map.of()).http().rules().hosts());
    assertEquals(
        MediaHosts.of(List.of("*", "localhost", "127.0.0.1", "[::1]")),
        Configuration.load(null, Map.of()).forUp("127.0.0.1").http().rules().hosts());
    StartFailure refused =
        assertThrows(
            StartFailure.class,
            () -> Configuration.load(null, Map.of("CANVAS_MEDIA_HOSTS", "https://cdn.example")));
    assertTrue(
        refused.getMessage().contains("media.hosts (CANVAS_MEDIA_HOSTS) is "),
        refused.getMessage());
    assertTrue(refused.getMessage().contains("*.cdn.example"), refused.getMessage());
  }

  @Test
  void environmentOverridesTheFileAndTheFileOverridesTheDefaults() throws IOException {
    Path file = file("http:\n  port: 8000\nmanagement:\n  port: 8001\n");
    Configuration configuration = Configuration.load(file, Map.of("CANVAS_HTTP_PORT", "9000"));
    assertEquals(9000, configuration.http().port());
    assertEquals(8001, configuration.management().port());
    assertEquals(50, configuration.data().cache().redisTimeout().toMillis());
  }

  @Test
  void fileInTheRepositoryHoldsTheDefaults() {
    assertEquals(
        Configuration.load(null, Map.of()),
        Configuration.load(Path.of("conf", "canvas.yaml"), Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "CANVAS_HTTP_PORT, 65536, from 0 to 65535",
    "CANVAS_HTTP_PORT, '', from 0 to 65535",
    "CANVAS_HTTP_INSTANCES, -1, from 0 to 256",
    "CANVAS_HTTP_HOST, no such host, a host name or an address",
    "CANVAS_CACHE_TTL, soon, a duration from 1s to 24h",
    "CANVAS_CACHE_TTL, 0s, a duration from 1s to 24h",
    "CANVAS_REDIS_TIMEOUT, 3s, a duration from 1ms to 2s",
    "CANVAS_STORE, mysql, expected postgres",
    "CANVAS_HTTP_CORS_WRITE_ORIGINS, *, a scheme and a host",
    "CANVAS_HTTP_CORS_WRITE_ORIGINS, 'https://a.example,b', a scheme and a host",
    "CANVAS_HTTP_CORS_WRITE_ORIGINS, 'https://a.example/shop', without a path",
    "CANVAS_HTTP_CORS_WRITE_ORIGINS, 'null', a scheme and a host",
    "CANVAS_HTTP_CORS_WRITE_ORIGINS, 'https://a.example:70000', a scheme and a host",
    "CANVAS_HTTP_PUBLIC_URL, shop.example, https://shop.example",
    "CANVAS_HTTP_PUBLIC_URL, ftp://shop.example, https://shop.example",
    "CANVAS_MANAGEMENT_HOSTS, 'a.example:1122', names such as",
    "CANVAS_HTTP_TRUSTED_PROXIES, '10.0.0.0/8,proxy', networks such as 10.0.0.0/8",
    "CANVAS_MEDIA_ALLOW_HTTP, yes, true or false",
    "CANVAS_HTTP_MAX_AGE, 1x, a duration from 0s to 8760h",
    "CANVAS_HTTP_STALL_TIMEOUT, 500ms, a duration from 1s to 1m",
    "CANVAS_START_TIMEOUT, 2h, a duration from 0s to 1h",
    "CANVAS_HTTP_CONNECTIONS, -1, from 0 to 1000000",
    "CANVAS_HTTP_CONNECTIONS_PER_ADDRESS, -1, from 0 to 1000000",
    "CANVAS_HTTP_IDLE_TIMEOUT, 0, a duration from 1s to 1h",
    "CANVAS_HTTP_DRAIN_DELAY, 6m, a duration from 0s to 5m",
    "CANVAS_HTTP_LIVE_SOCKETS, many, from 0 to 1000000",
    "CANVAS_HTTP_LOADERIO_TOKEN, ../x, up to 64 letters and digits",
    "CANVAS_HTTP_OPERATOR_TOOLS, yes, auto or shown or hidden",
    "CANVAS_CACHE_NEAR_MAX_MEGABYTES, 0, from 1 to 65536",
    "CANVAS_CACHE_NEAR_TTL, 0ms, a duration from 1ms to 24h",
    "CANVAS_CACHE_ABSENT_TTL, 25h, a duration from 1ms to 24h",
    "CANVAS_POSTGRES_TIMEOUT, 2m, a duration from 1ms to 1m",
    "CANVAS_POSTGRES_WRITE_TIMEOUT, 9ms, a duration from 10ms to 2s",
    "CANVAS_POSTGRES_URI, mysql://x, postgresql://",
    "CANVAS_POSTGRES_URI, postgresql://db:port/canvas, postgresql://",
    "CANVAS_REDIS_URI, localhost, redis://",
    "CANVAS_REDIS_URI, redis://cache:port, redis://",
    "CANVAS_REDIS_URI, unix://, redis://",
    "CANVAS_REDIS_URI, redis://h/abc, the number of a database",
    "CANVAS_HTTP_CORS_ORIGIN, shop.example, https://shop.example",
  })
  void invalidValueIsNamedWithItsKeyAndTheAllowedValues(
      String variable, String value, String allowed) {
    StartFailure refused =
        assertThrows(StartFailure.class, () -> Configuration.load(null, Map.of(variable, value)));
    assertTrue(
        refused.getMessage().contains("(" + variable + ") is '" + value + "'"),
        refused.getMessage());
    assertTrue(refused.getMessage().contains(allowed), refused.getMessage());
    assertEquals(1, refused.getMessage().lines().count());
  }

  @Test
  void portsOfAProcessDiffer() {
    assertRefused(
        Map.of("CANVAS_MANAGEMENT_PORT", "1121"),
        "http.port and management.port are both 1121: set one of them to another port");
    assertRefused(
        Map.of("CANVAS_BRIDGE_TCP_PORT", "1122"),
        "management.port and bridge.tcp.port are both 1122: set one of them to another port");
    assertRefused(
        Map.of("CANVAS_CLUSTER_ENABLED", "true", "CANVAS_HTTP_PORT", "7801"),
        "http.port and the one after cluster.port are both 7801: set one of them to another port");
    Configuration.load(
        null,
        Map.of(
            "CANVAS_HTTP_HOST", "127.0.0.2",
            "CANVAS_HTTP_PORT", "1122"));
    Configuration.load(null, Map.of("CANVAS_HTTP_PORT", "0", "CANVAS_MANAGEMENT_PORT", "0"));
  }

  @Test
  void addressesOfIpv6HaveBrackets() {
    assertEquals("[::]:42121", new ListenAddress("::", 42121).toString());
    assertEquals("0.0.0.0:1121", new ListenAddress("0.0.0.0", 1121).toString());
  }

  @Test
  void aClusterBeyondThisMachineNeedsCertificates() {
    assertRefused(
        Map.of("CANVAS_CLUSTER_ENABLED", "true", "CANVAS_CLUSTER_HOST", "10.0.0.1"),
        "cluster.host (CANVAS_CLUSTER_HOST) is '10.0.0.1': expected 127.0.0.1, because other"
            + " machines may join only with certificates (cluster.ca, cluster.certificate,"
            + " cluster.key)");
    assertRefused(
        Map.of("CANVAS_CLUSTER_ENABLED", "true", "CANVAS_CLUSTER_CA", "ca.pem"),
        "cluster.ca, cluster.certificate and cluster.key belong together: set all three");
    assertRefused(
        Map.of("CANVAS_CLUSTER_ENABLED", "true", "CANVAS_CLUSTER_READ_TIMEOUT", "5ms"),
        "cluster.read-timeout (CANVAS_CLUSTER_READ_TIMEOUT) is '5ms': expected a duration from"
            + " 100ms to 1m, such as 50ms, 10s or 5m");
    assertTrue(Configuration.load(null, Map.of()).cluster().isEmpty());
  }

  @Test
  void membersOfAClusterAreHostsOrOneName() {
    ClusterSettings list = cluster("10.0.0.1, node-2:7900");
    assertEquals(
        List.of(
            new ClusterSettings.Member("10.0.0.1", 7800),
            new ClusterSettings.Member("node-2", 7900)),
        list.members());
    assertEquals(7801, list.busPort());
    assertEquals("canvas.internal", cluster("dns:canvas.internal").dnsName().orElseThrow());
    for (String members : List.of("", "a:b", "a:0", "a:65535", "a b", "dns:a,b")) {
      assertRefused(
          Map.of("CANVAS_CLUSTER_ENABLED", "true", "CANVAS_CLUSTER_MEMBERS", members),
          "cluster.members (CANVAS_CLUSTER_MEMBERS) is '%s': expected hosts such as 10.0.0.1 or node-2:7800, or one dns:name"
              .formatted(members));
    }
  }

  private static ClusterSettings cluster(String members) {
    return Configuration.load(
            null, Map.of("CANVAS_CLUSTER_ENABLED", "true", "CANVAS_CLUSTER_MEMBERS", members))
        .cluster()
        .orElseThrow()
        .membership();
  }

  @Test
  void rolesAreKnownAndHttpFindsData() {
    assertEquals(Set.of(NodeRole.values()), Configuration.load(null, Map.of()).roles());
    assertEquals(
        Set.of(NodeRole.HTTP),
        Configuration.load(null, Map.of("CANVAS_ROLES", "http", "CANVAS_CLUSTER_ENABLED", "true"))
            .roles());
    assertRefused(
        Map.of("CANVAS_ROLES", "http,web"),
        "roles (CANVAS_ROLES) is 'http,web': expected some of http, data, seed and relay");
    assertRefused(
        Map.of("CANVAS_ROLES", "http"),
        "roles (CANVAS_ROLES) is 'http': expected the role data beside http, unless"
            + " cluster.enabled is true: another node has it");
  }

  private static void assertRefused(Map<String, String> environment, String message) {
    StartFailure refused =
        assertThrows(StartFailure.class, () -> Configuration.load(null, environment));
    assertEquals(message, refused.getMessage());
  }

  @Test
  void unknownKeyInTheFileIsRefusedWithTheMostSimilarOne() throws IOException {
    Path file = file("http:\n  prot: 8000\n");
    StartFailure refused =
        assertThrows(StartFailure.class, () -> Configuration.load(file, Map.of()));
    assertTrue(refused.getMessage().contains("'http.prot' is not a setting"));
    assertTrue(refused.getMessage().contains("Did you mean 'http.port'?"), refused.getMessage());
  }

  @Test
  void missingOrMalformedFileIsNamed() throws IOException {
    Path missing = directory.resolve("missing.yaml");
    assertTrue(refusal(missing).contains("missing.yaml does not exist"));
    assertTrue(refusal(directory).contains(directory + " cannot be read"));
    assertTrue(refusal(file("http: [")).contains("is not YAML"));
    assertTrue(
        refusal(file("http:\n  port:\n")).contains("'http.port' must have exactly one value"));
    assertTrue(refusal(file("just text")).contains("must have exactly one value"));
  }

  @Test
  void unknownVariableIsAWarning() {
    Configuration configuration =
        Configuration.load(
            null, Map.of("CANVAS_HTTP_PROT", "1", "CANVAS_JAVA_OPTS", "-Xmx1g", "PATH", "/bin"));
    assertEquals(1, configuration.warnings().size());
    String warning = configuration.warnings().get(0);
    assertTrue(warning.startsWith("CANVAS_HTTP_PROT is not a setting"), warning);
    assertTrue(warning.contains("Did you mean CANVAS_HTTP_PORT?"), warning);
  }

  @Test
  void variablesOfKubernetesAreNoSettings() {
    Map<String, String> ofServices =
        Map.of(
            "CANVAS_SERVICE_HOST", "10.0.0.1",
            "CANVAS_SERVICE_PORT", "1121",
            "CANVAS_SERVICE_PORT_HTTP", "1121",
            "CANVAS_PORT", "tcp://10.0.0.1:1121",
            "CANVAS_PORT_1121_TCP", "tcp://10.0.0.1:1121",
            "CANVAS_PORT_1121_TCP_PROTO", "tcp",
            "CANVAS_PORT_1121_TCP_PORT", "1121",
            "CANVAS_PORT_1121_TCP_ADDR", "10.0.0.1",
            "CANVAS_REDIS_PORT", "tcp://[fd00::1]:6379");
    assertEquals(List.of(), Configuration.load(null, ofServices).warnings());
    for (String setting : List.of("HTTP", "MANAGEMENT", "CLUSTER", "BRIDGE_TCP")) {
      String variable = "CANVAS_" + setting + "_PORT";
      Configuration configuration = Configuration.load(null, Map.of(variable, "tcp://10.0.0.1:80"));
      assertEquals(1121, configuration.http().port());
      assertEquals(1122, configuration.management().port());
      String warning = configuration.warnings().get(0);
      assertTrue(warning.startsWith(variable + " is 'tcp://10.0.0.1:80', which Kub"), warning);
      assertTrue(warning.contains("enableServiceLinks"), warning);
    }
  }

  @Test
  void aValueMayStandInAFile() throws IOException {
    Path secret = Files.writeString(directory.resolve("uri"), "postgresql://me:pass@db/shop\n");
    Configuration configuration =
        Configuration.load(null, Map.of("CANVAS_POSTGRES_URI_FILE", secret.toString()));
    assertEquals("postgresql://me:…@db:5432/shop", configuration.data().postgres().toString());
    assertEquals(List.of(), configuration.warnings());
    assertRefused(
        Map.of("CANVAS_POSTGRES_URI_FILE", secret.toString(), "CANVAS_POSTGRES_URI", "x"),
        "CANVAS_POSTGRES_URI and CANVAS_POSTGRES_URI_FILE are both set: unset one");
    assertRefused(
        Map.of("CANVAS_MANAGEMENT_KEY_FILE", "/no/such"),
        "CANVAS_MANAGEMENT_KEY_FILE is '/no/such': expected a file that can be read, with the"
            + " value");
  }

  @Test
  void passwordIsNotShown() {
    StartFailure refused =
        assertThrows(
            StartFailure.class,
            () ->
                Configuration.load(
                    null, Map.of("CANVAS_POSTGRES_URI", "mysql://me:secret@host/db")));
    assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
  }

  @Test
  void cacheControlListsTheConfiguredDirectives() {
    Configuration configuration =
        Configuration.load(
            null, Map.of("CANVAS_HTTP_MAX_AGE", "5s", "CANVAS_HTTP_STALE_WHILE_REVALIDATE", "1m"));
    assertEquals(
        "public, max-age=5, stale-while-revalidate=60", configuration.http().cacheControl());
  }

  private String refusal(Path file) {
    return assertThrows(StartFailure.class, () -> Configuration.load(file, Map.of())).getMessage();
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "canvas", ".yaml"), yaml);
  }
}
