package dev.canvas.history;

import static org.awaitility.Awaitility.await;

import dev.canvas.testing.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts the nodes of {@link Layout#SPLIT_ROLES}, with TLS between them. */
final class SplitRoles {

  /** How long the nodes may need to find each other. */
  private static final Duration JOIN = Duration.ofSeconds(60);

  private static final String DATA = "data,relay";

  /** By the beginnings of their names, {@code perf/history --faults} chooses faults. */
  private static final List<String> NAMES = List.of("http-node", "data-node", "other-data-node");

  private static final List<String> ROLES = List.of("http", DATA, DATA);

  /** Each has its own address. */
  private static final String HTTP_PORT = "1121";

  /** How many hosts they need. */
  static final int NODES = NAMES.size();

  private SplitRoles() {}

  /**
   * Starts them; returns when the node for clients reaches the stores.
   *
   * @param settings of a node, which these add to
   */
  static List<Node> start(List<Host> hosts, Map<String, String> settings) {
    List<Node> nodes = new ArrayList<>();
    Map<String, String> cluster = cluster(hosts);
    for (int i = 0; i < NODES; i++) {
      Map<String, String> environment = new HashMap<>(settings);
      environment.putAll(cluster);
      environment.put("CANVAS_ROLES", ROLES.get(i));
      environment.put("CANVAS_CLUSTER_HOST", hosts.get(i).address());
      environment.put("CANVAS_HTTP_HOST", hosts.get(i).address());
      environment.put("CANVAS_HTTP_PORT", HTTP_PORT);
      nodes.add(new Node(NAMES.get(i), Optional.of(hosts.get(i)), environment));
    }
    await().atMost(JOIN).until(() -> knowsAbsence(nodes.get(0)));
    return nodes;
  }

  /** Whether it answers a read of a product that nobody has written, as the stores do. */
  private static boolean knowsAbsence(Node node) throws IOException {
    URI read =
        URI.create("http://%s:%d/api/products/1/media".formatted(node.address(), node.port()));
    return ((HttpURLConnection) read.toURL().openConnection()).getResponseCode() == 404;
  }

  private static Map<String, String> cluster(List<Host> hosts) {
    try {
      Path parent = Files.createDirectories(Path.of("target", "test-data").toAbsolutePath());
      TestCertificates authority = new TestCertificates(Files.createTempDirectory(parent, "tls"));
      TestCertificates.Issued node = authority.issue("node");
      return Map.of(
          "CANVAS_CACHE_NEAR_ENABLED",
          "false",
          "CANVAS_CLUSTER_ENABLED",
          "true",
          "CANVAS_CLUSTER_MEMBERS",
          String.join(",", hosts.stream().map(Host::address).toList()),
          "CANVAS_CLUSTER_CA",
          authority.ca().toString(),
          "CANVAS_CLUSTER_CERTIFICATE",
          node.certificate().toString(),
          "CANVAS_CLUSTER_KEY",
          node.key().toString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
