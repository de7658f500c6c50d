package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.access.AccessSettings;
import dev.canvas.testing.FreePorts;
import dev.canvas.testing.TestCertificates;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs in {@code examples}: those in Python and JavaScript with the interpreters of Debian,
 * over the TCP bridge; the one in Java as a member of the cluster, with the client jar.
 */
class ExamplesIT {

  private static final int PORT = FreePorts.one();
  private static final int CLUSTER_PORT = FreePorts.two();

  /** What {@code vertx-infinispan} brings onto a class path. */
  private static final Pattern BROUGHT =
      Pattern.compile(
          "(vertx-(infinispan|core|core-logging)|netty-(?!transport-(native-epoll|classes)).*|jackson-core"
              + "|infinispan-(core|commons|multimap|clustered).*|proto(stream|stream-types|parser)"
              + "|javassist|jgroups|jakarta.transaction-api|jboss-(logging|threads)|wildfly-common"
              + "|caffeine|rxjava|reactive-streams)-\\d.*\\.jar");

  private static Map<String, String> member;
  private static Map<String, String> stranger;
  private static RunningService service;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    member = certificates(new TestCertificates(directory.resolve("own")));
    stranger = certificates(new TestCertificates(directory.resolve("stranger")));
    Map<String, String> settings = new HashMap<>(member);
    settings.put("CANVAS_CLUSTER_ENABLED", "true");
    settings.put("CANVAS_CLUSTER_PORT", Integer.toString(CLUSTER_PORT));
    settings.put("CANVAS_CLUSTER_MEMBERS", "127.0.0.1:" + CLUSTER_PORT);
    settings.put("CANVAS_BRIDGE_TCP_PORT", Integer.toString(PORT));
    settings.put("CANVAS_AUTH_MODE", "keys");
    settings.put("CANVAS_AUTH_KEYS", "example:" + AccessSettings.Keys.hash("secret"));
    service = new RunningService(settings);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void pythonWritesReadsAndFollowsAProduct() throws Exception {
    writesReadsAndFollows(3, "/python.jpg", "python3", "examples/python/product.py");
  }

  @Test
  void nodeWritesReadsAndFollowsAProduct() throws Exception {
    writesReadsAndFollows(4, "/node.jpg", "node", "examples/node/product.js");
  }

  @Test
  void javaJoinsTheClusterAndWritesReadsAndFollowsAProduct() throws Exception {
    String output = run(0, java(5), cluster(member));
    // Infinispan logs to the same screen.
    List<String> lines = output.lines().toList();
    assertTrue(lines.containsAll(expected(5, "/java.jpg").lines().toList()), output);
  }

  @Test
  void javaFindsNobodyWithCertificatesOfAnotherAuthority() throws Exception {
    String output = run(1, java(5), cluster(stranger));
    assertTrue(output.contains("urn:canvas:problem:unavailable"), output);
  }

  /** With the client jar, as the build packs it, and what {@code vertx-infinispan} brings. */
  private static List<String> java(long id) {
    Path jar = Path.of("target", "canvas-client.jar");
    assertTrue(Files.exists(jar), "'mvn package' makes " + jar);
    String brought =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> BROUGHT.matcher(Path.of(path).getFileName().toString()).matches())
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        jar + File.pathSeparator + brought,
        "examples/java/Product.java",
        Long.toString(id));
  }

  private static Map<String, String> cluster(Map<String, String> certificates) {
    Map<String, String> environment = new HashMap<>(certificates);
    environment.put("CANVAS_CLUSTER_PORT", Integer.toString(FreePorts.two()));
    environment.put("CANVAS_CLUSTER_MEMBERS", "127.0.0.1:" + CLUSTER_PORT);
    return environment;
  }

  private static Map<String, String> certificates(TestCertificates authority) throws IOException {
    TestCertificates.Issued issued = authority.issue("member");
    return Map.of(
        "CANVAS_CLUSTER_CA",
        authority.ca().toString(),
        "CANVAS_CLUSTER_CERTIFICATE",
        issued.certificate().toString(),
        "CANVAS_CLUSTER_KEY",
        issued.key().toString());
  }

  private static void writesReadsAndFollows(long id, String url, String... program)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of("127.0.0.1", Integer.toString(PORT), Long.toString(id)));
    String refused = run(1, command, Map.of());
    assertTrue(refused.contains("urn:canvas:problem:unauthenticated"), refused);

    command.add("secret");
    String output = run(0, command, Map.of());
    assertEquals(expected(id, url), output);
  }

  private static String expected(long id, String url) {
    long version =
        new JsonObject(service.get("/api/products/" + id + "/media").body()).getLong("version");
    return "read %s%nheard of version %d%n".formatted(url, version);
  }

  private static String run(
      int expectedExitCode, List<String> command, Map<String, String> environment)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(expectedExitCode, process.waitFor(), output);
    return output;
  }
}
