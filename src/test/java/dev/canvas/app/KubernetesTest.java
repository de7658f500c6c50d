package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.config.Configuration;
import dev.canvas.testing.TestCertificates;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The manifests in {@code conf/kubernetes} fit Canvas: its settings, ports and paths. {@code
 * .ci/contract} checks them against the schemas of Kubernetes.
 */
class KubernetesTest {

  private static final Path MANIFESTS = Path.of("conf/kubernetes");
  private static final String SECRETS = "/run/secrets/canvas/";

  @TempDir private Path secrets;

  @Test
  void thePodsHaveSettingsThatCanvasTakesWithoutAWarning() throws IOException {
    Configuration configuration = configuration("deployment.yaml");

    assertEquals(List.of(), configuration.warnings());
    assertEquals(
        Map.of(
            "http", configuration.http().port(), "management", configuration.management().port()),
        ports("deployment.yaml"));
    assertTrue(configuration.cluster().isEmpty());
  }

  @Test
  void thePodsOfAClusterHaveThemToo() throws IOException {
    Configuration configuration = configuration("deployment.yaml", "cluster/nodes.yaml");

    assertEquals(List.of(), configuration.warnings());
    assertTrue(configuration.cluster().isPresent());
    assertEquals(Map.of("membership", 7800, "bus", 7801), ports("cluster/nodes.yaml"));
  }

  @Test
  void aPodGetsTheTimeThatItsStopTakes() throws IOException {
    Duration drain = configuration("deployment.yaml").http().connections().drainDelay();
    JsonObject pod = pod("deployment.yaml");
    JsonObject readiness = container("deployment.yaml").getJsonObject("readinessProbe");
    int noticed = readiness.getInteger("periodSeconds") * readiness.getInteger("failureThreshold");

    assertTrue(
        drain.toSeconds() > noticed, "the drain delay is longer than an unready pod is used");
    assertTrue(
        pod.getInteger("terminationGracePeriodSeconds") >= drain.toSeconds() + 9,
        "the pod is not killed while it drains");
  }

  @Test
  void theProbesAskRoutesOfTheManagementPort() throws IOException {
    String documented = Files.readString(Path.of("docs/operations.md"));
    JsonObject container = container("deployment.yaml");
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      JsonObject asked = container.getJsonObject(probe).getJsonObject("httpGet");
      assertEquals("management", asked.getString("port"));
      assertTrue(documented.contains("`GET " + asked.getString("path") + "`"), asked.encode());
    }
  }

  /** Labels, names and ports that one manifest has and another one names. */
  @Test
  void theManifestsFitTogether() throws IOException {
    JsonObject deployment = only("deployment.yaml", "Deployment");
    JsonObject labels =
        deployment.getJsonObject("spec").getJsonObject("template").getJsonObject("metadata");
    JsonObject selected = labels.getJsonObject("labels");
    for (JsonObject service : all("services.yaml")) {
      assertEquals(selected, service.getJsonObject("spec").getJsonObject("selector"));
    }
    assertEquals(
        selected,
        only("disruption.yaml", "PodDisruptionBudget")
            .getJsonObject("spec")
            .getJsonObject("selector")
            .getJsonObject("matchLabels"));
    JsonObject secret = only("secret.example.yaml", "Secret");
    environment("deployment.yaml")
        .forEach(
            (name, value) -> {
              if (value.startsWith(SECRETS)) {
                String entry = value.substring(SECRETS.length());
                assertTrue(secret.getJsonObject("stringData").containsKey(entry), name);
              }
            });
    for (String kustomization : List.of("", "cluster/")) {
      JsonObject list = only(kustomization + "kustomization.yaml", "Kustomization");
      list.getJsonArray("resources").stream()
          .map(each -> MANIFESTS.resolve(kustomization).resolve((String) each))
          .forEach(each -> assertTrue(Files.exists(each), each.toString()));
    }
    assertFalse(
        only("kustomization.yaml", "Kustomization").encode().contains("secret.example"),
        "the example of a secret is not applied");
  }

  private Configuration configuration(String... manifests) throws IOException {
    Map<String, String> all = new HashMap<>();
    only("settings.yaml", "ConfigMap")
        .getJsonObject("data")
        .forEach(setting -> all.put(setting.getKey(), (String) setting.getValue()));
    for (String manifest : manifests) {
      all.putAll(environment(manifest));
    }
    Map<String, Path> entries = entries();
    all.replaceAll(
        (name, value) ->
            value.startsWith(SECRETS)
                ? entries.get(value.substring(SECRETS.length())).toString()
                : value);
    return Configuration.load(null, all);
  }

  /** The files that the secret becomes: the example, and certificates of a node. */
  private Map<String, Path> entries() throws IOException {
    Map<String, Path> entries = new HashMap<>();
    JsonObject examples = only("secret.example.yaml", "Secret").getJsonObject("stringData");
    for (String entry : examples.fieldNames()) {
      entries.put(entry, Files.writeString(secrets.resolve(entry), examples.getString(entry)));
    }
    TestCertificates authority = new TestCertificates(secrets);
    TestCertificates.Issued node = authority.issue("node");
    entries.put("ca.pem", authority.ca());
    entries.put("node.pem", node.certificate());
    entries.put("node.key", node.key());
    return entries;
  }

  private static Map<String, String> environment(String manifest) throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (Object each : container(manifest).getJsonArray("env")) {
      JsonObject variable = (JsonObject) each;
      // Kubernetes fills in the address of the pod.
      environment.put(variable.getString("name"), variable.getString("value", "10.1.2.3"));
    }
    return environment;
  }

  private static Map<String, Integer> ports(String manifest) throws IOException {
    Map<String, Integer> ports = new HashMap<>();
    for (Object each : container(manifest).getJsonArray("ports")) {
      JsonObject port = (JsonObject) each;
      ports.put(port.getString("name"), port.getInteger("containerPort"));
    }
    return ports;
  }

  private static JsonObject pod(String manifest) throws IOException {
    return only(manifest, "Deployment")
        .getJsonObject("spec")
        .getJsonObject("template")
        .getJsonObject("spec");
  }

  private static JsonObject container(String manifest) throws IOException {
    JsonArray containers = pod(manifest).getJsonArray("containers");
    assertEquals(1, containers.size());
    return containers.getJsonObject(0);
  }

  private static JsonObject only(String manifest, String kind) throws IOException {
    return all(manifest).stream()
        .filter(document -> document.getString("kind").equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonObject> all(String manifest) throws IOException {
    String text = Files.readString(MANIFESTS.resolve(manifest));
    List<JsonObject> documents = new ArrayList<>();
    for (Object each : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      @SuppressWarnings("unchecked")
      Map<String, Object> document = (Map<String, Object>) each;
      documents.add(new JsonObject(document));
    }
    return documents;
  }
}
