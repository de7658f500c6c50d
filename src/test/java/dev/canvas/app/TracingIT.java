package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A collector gets the traces of requests, from HTTP through the bus to Redis and the store. */
class TracingIT {

  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String CALLER = "00f067aa0ba902b7";

  private static TraceCollector collector;
  private static RunningService service;

  @BeforeAll
  static void start() {
    collector = new TraceCollector();
    service =
        new RunningService(
            Map.of(
                "CANVAS_TRACING_ENDPOINT",
                collector.endpoint(),
                "CANVAS_TRACING_HEADERS",
                "api-key=a-key-of-the-collector",
                "CANVAS_TRACING_SAMPLE",
                "0",
                "CANVAS_HTTP_ACCESS_LOG",
                "true"));
  }

  @AfterAll
  static void stop() {
    service.close();
    collector.close();
  }

  @Test
  void aColdReadIsOneTraceFromHttpToTheStore() {
    service.put(71);
    String trace = "4bf92f3577b34da6a3ce929d0e0e4711";
    HttpResponse<String> answer = get(71, trace, "01");

    assertEquals(200, answer.statusCode());
    Map<String, Span> spans = byName(trace, "GET", "redis fill");
    assertEquals(CALLER, parent(spans.get("GET")));
    assertEquals(id(spans.get("GET")), parent(spans.get("canvas.data.get client")));
    assertEquals(
        id(spans.get("canvas.data.get client")), parent(spans.get("canvas.data.get server")));
    for (String call : List.of("redis read", "redis lease", "postgresql select", "redis fill")) {
      assertEquals(id(spans.get("canvas.data.get server")), parent(spans.get(call)), call);
      assertEquals("71", TraceCollector.attributes(spans.get(call)).get("canvas.product"));
    }
    assertEquals(
        Map.of(
            "db.system.name", "postgresql", "db.operation.name", "select", "canvas.product", "71"),
        TraceCollector.attributes(spans.get("postgresql select")));
    assertTrue(
        answer
            .headers()
            .firstValue("server-timing")
            .orElseThrow()
            .matches(
                "total;dur=[0-9.]+, traceparent;desc=\"00-"
                    + trace
                    + "-"
                    + id(spans.get("GET"))
                    + "-01\""));
    assertTrue(collector.keys().contains("a-key-of-the-collector"));
  }

  @Test
  void theCallsOfEachRequestAreInItsOwnTraceHoweverManyAreAskedTogether() {
    List<String> traces = new ArrayList<>();
    for (int product = 200; product < 232; product++) {
      service.put(product);
      traces.add("4bf92f3577b34da6a3ce929d0e000" + product);
    }
    traces.parallelStream().forEach(trace -> get(product(trace), trace, "01"));
    for (String trace : traces) {
      Map<String, Span> spans = byName(trace, "GET", "redis fill");
      for (String call : List.of("redis read", "postgresql select", "redis fill")) {
        assertEquals(
            Long.toString(product(trace)),
            TraceCollector.attributes(spans.get(call)).get("canvas.product"));
      }
    }
  }

  @Test
  void aWriteAndABatchAreTraced() {
    String write = "4bf92f3577b34da6a3ce929d0e0e4712";
    HttpResponse<String> written =
        service.write(
            "PUT",
            "/api/products/72/media",
            "{\"media\":[]}",
            "traceparent",
            traceparent(write, "01"));
    assertEquals(201, written.statusCode());
    byName(write, "PUT", "canvas.data.write client", "canvas.data.write server");

    service.put(73);
    String batch = "4bf92f3577b34da6a3ce929d0e0e4713";
    HttpResponse<String> read =
        service.get("/api/products/media?ids=73,72", "traceparent", traceparent(batch, "01"));
    assertEquals(200, read.statusCode());
    byName(batch, "GET", "redis read", "postgresql select");
  }

  @Test
  void aFailureIsToldInItsSpan() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4714";
    assertEquals(
        404, service.get("/api/nothing", "traceparent", traceparent(trace, "01")).statusCode());
    Span span = byName(trace, "GET").get("GET");
    assertEquals(Status.StatusCode.STATUS_CODE_UNSET, span.getStatus().getCode());
    assertEquals("404", TraceCollector.attributes(span).get("http.response.status_code"));
  }

  /** The share is 0 here, and a caller may say that it does not record either. */
  @Test
  void whatIsNotSampledIsNotSent() {
    service.put(74);
    String unsampled = "4bf92f3577b34da6a3ce929d0e0e4715";
    assertEquals(200, get(74, unsampled, "00").statusCode());
    assertEquals(200, service.get("/api/products/74/media").statusCode());
    String last = "4bf92f3577b34da6a3ce929d0e0e4716";
    assertEquals(200, get(74, last, "01").statusCode());
    byName(last, "GET");
    assertEquals(List.of(), collector.trace(unsampled));
    assertFalse(
        collector.spans().stream().anyMatch(span -> span.getParentSpanId().isEmpty()),
        "a trace that began here");
  }

  @Test
  void ofTheRequestsWithoutATraceTheShareIsRecorded() {
    try (TraceCollector own = new TraceCollector();
        RunningService half =
            new RunningService(
                Map.of(
                    "CANVAS_TRACING_ENDPOINT", own.endpoint(), "CANVAS_TRACING_SAMPLE", "0.5"))) {
      half.put(77);
      long told = 0;
      for (int request = 0; request < 100; request++) {
        HttpResponse<String> answer = half.get("/api/products/77/media");
        assertEquals(200, answer.statusCode());
        told += answer.headers().firstValue("server-timing").isPresent() ? 1 : 0;
      }
      long begun = told;
      assertTrue(begun > 0 && begun < 100, begun + " of 100");
      await()
          .atMost(SOON)
          .until(
              () ->
                  own.spans().stream().filter(span -> span.getParentSpanId().isEmpty()).count()
                      >= begun);
    }
  }

  @Test
  void theAccessLogHasALineForEachRequestWithItsTrace() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger access = (Logger) LoggerFactory.getLogger("access");
    log.start();
    access.setLevel(Level.INFO);
    access.addAppender(log);
    try {
      service.put(75);
      String trace = "4bf92f3577b34da6a3ce929d0e0e4717";
      int length = get(75, trace, "01").body().getBytes(StandardCharsets.UTF_8).length;
      service.get("/api/nothing");
      await().atMost(SOON).until(() -> List.copyOf(log.list).size() == 2);
      assertTrue(
          log.list
              .get(0)
              .getFormattedMessage()
              .matches(
                  "127\\.0\\.0\\.1 \"GET /api/products/75/media HTTP/1\\.1\" 200 %d [0-9.]+ ms trace %s"
                      .formatted(length, trace)),
          log.list.get(0).getFormattedMessage());
      assertTrue(
          log.list.get(1).getFormattedMessage().contains("\"GET /api/nothing HTTP/1.1\" 404 "),
          log.list.get(1).getFormattedMessage());
    } finally {
      access.detachAppender(log);
      access.setLevel(null);
    }
  }

  @Test
  void aCollectorThatRefusesOrIsGoneIsToldOnceAndFailsNoRequest() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger told = (Logger) LoggerFactory.getLogger("dev.canvas.app.tracing.ToldExporter");
    log.start();
    told.setLevel(Level.INFO);
    told.addAppender(log);
    collector.refuse(true);
    try {
      service.put(76);
      await()
          .atMost(SOON)
          .until(
              () -> {
                get(76, "4bf92f3577b34da6a3ce929d0e0e4718", "01");
                return collector.refused() >= 2;
              });
      collector.refuse(false);
      await()
          .atMost(SOON)
          .until(
              () -> {
                get(76, "4bf92f3577b34da6a3ce929d0e0e4719", "01");
                return List.copyOf(log.list).size() >= 2;
              });
      assertEquals(
          List.of(
              "The collector at %s does not take traces (it refuses them); they are dropped until it"
                      .formatted(collector.endpoint())
                  + " does",
              "The collector at %s takes traces again".formatted(collector.endpoint())),
          log.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    } finally {
      collector.refuse(false);
      told.detachAppender(log);
      told.setLevel(null);
    }
  }

  private static HttpResponse<String> get(long product, String trace, String flags) {
    return service.get(
        "/api/products/" + product + "/media", "traceparent", traceparent(trace, flags));
  }

  private static String traceparent(String trace, String flags) {
    return "00-" + trace + "-" + CALLER + "-" + flags;
  }

  private static long product(String trace) {
    return Long.parseLong(trace.substring(trace.length() - 3));
  }

  /** The spans of a trace, once those that are named have arrived. */
  private static Map<String, Span> byName(String trace, String... names) {
    return await()
        .atMost(SOON)
        .until(
            () ->
                collector.trace(trace).stream()
                    .collect(
                        Collectors.toMap(TracingIT::name, span -> span, (one, other) -> other)),
            spans -> spans.keySet().containsAll(List.of(names)));
  }

  private static String name(Span span) {
    return !span.getName().startsWith("canvas.")
        ? span.getName()
        : span.getName()
            + (span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT ? " client" : " server");
  }

  private static String id(Span span) {
    return TraceCollector.id(span.getSpanId());
  }

  private static String parent(Span span) {
    return TraceCollector.id(span.getParentSpanId());
  }
}
