package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.access.AccessSettings;
import dev.canvas.testing.Issuer;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.Signals;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may write, and that the stores do not hear of those who may not. */
class WriteAccessIT {

  private static final Issuer ISSUER = new Issuer("ES256");
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  /** Every route that writes. */
  private static final List<String> WRITES =
      List.of(
          "PUT /api/products/1/media",
          "DELETE /api/products/1/media",
          "POST /api/products/1/media/items",
          "PATCH /api/products/1/media/items/1",
          "DELETE /api/products/1/media/items/1",
          "PUT /api/products/1/media/order",
          "POST /api/images",
          "PUT /api/images",
          "DELETE /api/images?shoe_id=1",
          "POST /api/images/");

  private static final Pattern ASKED_OF_DATA =
      Pattern.compile("vertx_eventbus_\\w+\\{address=\"canvas\\.data\\.[^}]*\\} (\\S+)");

  private static KillableServers servers;
  private static RunningService service;

  @BeforeAll
  static void start() {
    servers = new KillableServers();
    service =
        new RunningService(
            servers.postgres().uri(),
            servers.redis().uri(),
            Map.of(
                "CANVAS_REDIS_TIMEOUT",
                "400ms",
                "CANVAS_POSTGRES_TIMEOUT",
                "450ms",
                "CANVAS_AUTH_MODE",
                "jwt",
                "CANVAS_AUTH_JWT_ALGORITHM",
                "ES256",
                "CANVAS_AUTH_JWT_PUBLIC_KEY",
                ISSUER.publicKey(),
                "CANVAS_AUTH_JWT_ISSUER",
                Issuer.NAME,
                "CANVAS_AUTH_JWT_AUDIENCE",
                Issuer.AUDIENCE));
    service.put(1);
  }

  @AfterAll
  static void stop() {
    servers.mend();
    service.close();
    servers.close();
  }

  @Test
  void refusedWritesAreAnsweredWhileNoStoreDoesAndAskNobody() {
    String before = service.document(1);
    Signals.freeze(servers.postgres().pid());
    Signals.freeze(servers.redis().pid());
    try {
      double asked = askedOfData();
      double refused = refused();
      int count = 0;
      for (Map.Entry<String, Integer> each : refusedCredentials().entrySet()) {
        for (String write : WRITES) {
          refused(write, each.getKey(), each.getValue());
          count++;
        }
      }
      assertEquals(asked, askedOfData());
      assertEquals(refused + count, refused());
    } finally {
      servers.mend();
    }
    assertEquals(before, service.document(1));
  }

  @Test
  void aTokenForWritingPassesAndThenTheBodyIsRead() {
    String token = "Bearer " + ISSUER.token(Issuer.claims());
    HttpResponse<String> answer =
        service.write("PUT", "/api/products/1/media", "no JSON", "Authorization", token);
    assertEquals(400, answer.statusCode(), answer.body());
  }

  @Test
  void readingNeedsNoCredentialAndMindsNone() {
    double asked = askedOfData();
    assertEquals(200, service.get("/api/products/1/media").statusCode());
    assertEquals(
        200, service.get("/api/products/1/media", "Authorization", "Bearer no").statusCode());
    assertEquals(200, service.get("/api/images?shoe_id=1").statusCode());
    assertEquals(204, service.request("OPTIONS", "/api/products/1/media").statusCode());
    assertTrue(askedOfData() > asked);
  }

  @Test
  void theBodyOfARefusedWriteIsNotWaitedFor() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.httpPort())) {
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write(
              "PUT /api/products/1/media HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\nContent-Type: application/json\r\n\r\n{"
                  .getBytes(StandardCharsets.US_ASCII));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertEquals("HTTP/1.1 401 Unauthorized", in.readLine());
      // To its end: the connection is closed.
      assertTrue(in.lines().anyMatch("www-authenticate: Bearer realm=\"canvas\""::equals));
    }
  }

  @Test
  void aKeyOfTheConfigurationPassesAndAnotherDoesNot() {
    String keys =
        "old:" + AccessSettings.Keys.hash("1st") + ",new:" + AccessSettings.Keys.hash("2nd");
    try (RunningService keyed =
        new RunningService(
            servers.postgres().uri(),
            servers.redis().uri(),
            Map.of("CANVAS_AUTH_MODE", "keys", "CANVAS_AUTH_KEYS", keys))) {
      assertEquals(400, status(keyed, "Bearer 1st"));
      assertEquals(400, status(keyed, "Bearer 2nd"));
      assertEquals(401, status(keyed, "Bearer 3rd"));
      assertEquals(401, status(keyed, "Basic MXN0Og=="));
    }
  }

  private static int status(RunningService service, String authorization) {
    return service
        .write("POST", "/api/products/1/media/items", "{", "Authorization", authorization)
        .statusCode();
  }

  /** What is given, and the status that it gets. */
  private static Map<String, Integer> refusedCredentials() {
    JsonObject claims = Issuer.claims();
    JsonObject reading = claims.copy().put("scope", "media:read");
    Map<String, Integer> credentials = new LinkedHashMap<>();
    credentials.put("", 401);
    credentials.put("Basic d3JpdGVyOg==", 401);
    credentials.put("Bearer", 401);
    credentials.put("Bearer writer", 401);
    credentials.put("Bearer " + ISSUER.token(claims.copy().put("exp", 1_700_000_000)), 401);
    credentials.put("Bearer " + ISSUER.token(claims.copy().put("aud", "other")), 401);
    credentials.put("Bearer " + ISSUER.token(claims.copy().put("iss", "other")), 401);
    credentials.put("Bearer " + Issuer.unsigned(claims, ""), 401);
    credentials.put("Bearer " + Issuer.unsigned(claims, ".AA"), 401);
    credentials.put("Bearer " + Issuer.signedWithSecret(ISSUER.publicKey(), claims), 401);
    credentials.put("Bearer " + new Issuer("ES256").token(claims), 401);
    credentials.put("Bearer " + ISSUER.token(reading), 403);
    return credentials;
  }

  private static void refused(String write, String authorization, int status) {
    String[] line = write.split(" ", 2);
    String[] headers =
        authorization.isEmpty() ? new String[0] : new String[] {"Authorization", authorization};
    long began = System.nanoTime();
    HttpResponse<String> answer = service.write(line[0], line[1], "{\"media\":[]}", headers);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    String what = write + " with " + authorization + ": " + answer.body();
    assertEquals(status, answer.statusCode(), what);
    assertEquals(status, new JsonObject(answer.body()).getInteger("status"), what);
    assertTrue(
        answer.headers().firstValue("www-authenticate").orElse("").startsWith("Bearer "), what);
    assertTrue(took.compareTo(AT_ONCE) < 0, what + " took " + took);
  }

  private static double askedOfData() {
    return sum(ASKED_OF_DATA);
  }

  private static double refused() {
    return sum(Pattern.compile("canvas_writes_refused_total\\{[^}]*\\} (\\S+)"));
  }

  private static double sum(Pattern pattern) {
    return pattern
        .matcher(service.management("/metrics").body())
        .results()
        .mapToDouble(match -> Double.parseDouble(match.group(1)))
        .sum();
  }
}
