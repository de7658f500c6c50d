package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.testing.OwnPrometheus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The metrics, the rules of {@code conf/prometheus} and the dashboard of {@code conf/grafana}, in
 * Debian's Prometheus, which scrapes a running service.
 */
@Timeout(120)
class MonitoringIT {

  /** What promtool does not like about names that Micrometer gives, and that operators use. */
  private static final Set<String> ACCEPTED =
      Set.of(
          "jvm_compilation_time_ms_total metric names should not contain abbreviated units",
          "process_cpu_time_ns_total metric names should not contain abbreviated units",
          "system_cpu_count non-histogram and non-summary metrics should not have \"_count\""
              + " suffix");

  /** A metric in an expression, with its label matchers. */
  private static final Pattern SELECTOR =
      Pattern.compile(
          "\\b(?:canvas|vertx|jvm|process|system)[_:][\\w:]+(?:\\{[^}]*})?|\\bup\\{[^}]*}");

  private static final Pattern RULE =
      Pattern.compile("(?m)^ +expr: (?:>-\\n((?: {10}.*\\n)+)|(.+))");

  @TempDir private static Path directory;

  private static RunningService service;
  private static OwnPrometheus prometheus;

  @BeforeAll
  static void start() throws IOException {
    service = new RunningService();
    service.put(1);
    service.get("/api/products/1/media");
    service.write("PUT", "/api/products/2/media", "{\"media\":[]}");
    prometheus = OwnPrometheus.start(directory, service.managementPort());
    // Recorded from other series, so it comes last.
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> prometheus.series("canvas:reads_cached:ratio5m") == 1);
  }

  @AfterAll
  static void stop() {
    prometheus.close();
    service.close();
  }

  @Test
  void eachMetricInARuleHasSeries() throws IOException {
    String rules = Files.readString(Path.of("conf", "prometheus", "rules.yml"));
    List<String> expressions =
        RULE.matcher(rules)
            .results()
            .map(rule -> rule.group(1) == null ? rule.group(2) : rule.group(1))
            .toList();
    assertEquals(rules.split("expr:", -1).length - 1, expressions.size());
    assertEquals(Set.of(), withoutSeries(expressions));
  }

  @Test
  void eachMetricOfTheDashboardHasSeries() throws IOException {
    JsonObject dashboard =
        new JsonObject(Files.readString(Path.of("conf", "grafana", "canvas.json")));
    List<String> expressions =
        dashboard.getJsonArray("panels").stream()
            .map(panel -> ((JsonObject) panel).getJsonArray("targets"))
            .flatMap(JsonArray::stream)
            .map(target -> ((JsonObject) target).getString("expr"))
            .map(MonitoringIT::asGrafanaSendsIt)
            .toList();
    // Prometheus reads them as a whole.
    expressions.forEach(prometheus::series);
    assertEquals(Set.of(), withoutSeries(expressions));
  }

  @Test
  void promtoolAcceptsTheMetricsAndTheRules() throws IOException, InterruptedException {
    Path metrics = Files.writeString(directory.resolve("metrics"), scrape());
    Set<String> faults =
        said(new ProcessBuilder("promtool", "check", "metrics").redirectInput(metrics.toFile()))
            .lines()
            .filter(line -> !ACCEPTED.contains(line))
            .collect(Collectors.toSet());
    assertEquals(Set.of(), faults);
    String test =
        said(new ProcessBuilder("promtool", "test", "rules", "conf/prometheus/rules_test.yml"));
    assertEquals("SUCCESS", test.strip().lines().skip(1).collect(Collectors.joining()).strip());
  }

  private static String scrape() {
    return service.management("/metrics").body();
  }

  private static String said(ProcessBuilder program) throws IOException, InterruptedException {
    Process process = program.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private static String asGrafanaSendsIt(String expression) {
    return expression.replace("$instance", ".*").replace("$__rate_interval", "1m");
  }

  private static Set<String> withoutSeries(List<String> expressions) {
    return expressions.stream()
        .flatMap(MonitoringIT::selectors)
        .filter(selector -> prometheus.series(selector) == 0)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The metrics in an expression. A service that runs well has no answers with 5xx. */
  private static Stream<String> selectors(String expression) {
    return SELECTOR
        .matcher(expression)
        .results()
        .map(MatchResult::group)
        .map(selector -> selector.replace("code=~\"5..\"", "code=~\"...\""));
  }
}
