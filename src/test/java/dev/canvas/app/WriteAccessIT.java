package dev.canvas.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.access.AccessSettings;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.ProcessSignals;
import dev.canvas.testing.TokenIssuer;
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

/** Write access, and that refused writes do not reach the stores. */
class WriteAccessIT {

  private static final TokenIssuer ISSUER = new TokenIssuer("ES256");
  private static final Duration MAX_REFUSAL_TIME = Duration.ofSeconds(8);

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

  private static final Pattern DATA_MESSAGES =
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
                TokenIssuer.NAME,
                "CANVAS_AUTH_JWT_AUDIENCE",
                TokenIssuer.AUDIENCE));
    service.put(1);
  }

  @AfterAll
  static void stop() {
    servers.mend();
    service.close();
    servers.close();
  }

  @Test
  void refusedWritesNeedNoStoreAndSendNoMessage() {
    String before = service.document(1);
    ProcessSignals.freeze(servers.postgres().pid());
    ProcessSignals.freeze(servers.redis().pid());
    try {
      double messages = dataMessages();
      double refused = refused();
      int count = 0;
      for (Map.Entry<String, Integer> each : refusedCredentials().entrySet()) {
        for (String write : WRITES) {
          assertRefused(write, each.getKey(), each.getValue());
          count++;
        }
      }
      assertEquals(messages, dataMessages());
      assertEquals(refused + count, refused());
    } finally {
      servers.mend();
    }
    assertEquals(before, service.document(1));
  }

  @Test
  void validTokenIsAcceptedBeforeTheBodyIsRead() {
    String token = "Bearer " + ISSUER.token(TokenIssuer.claims());
    HttpResponse<String> response =
        service.write("PUT", "/api/products/1/media", "no JSON", "Authorization", token);
    assertEquals(400, response.statusCode(), response.body());
  }

  @Test
  void readingNeedsNoCredentialAndIgnoresInvalidOnes() {
    double messages = dataMessages();
    assertEquals(200, service.get("/api/products/1/media").statusCode());
    assertEquals(
        200, service.get("/api/products/1/media", "Authorization", "Bearer no").statusCode());
    assertEquals(200, service.get("/api/images?shoe_id=1").statusCode());
    assertEquals(204, service.request("OPTIONS", "/api/products/1/media").statusCode());
    assertTrue(dataMessages() > messages);
  }

  @Test
  void refusedWriteDoesNotWaitForItsBody() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.httpPort())) {
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write(
              ("PUT /api/products/1/media HTTP/1.1\r\nHost: localhost\r\n"
                      + "Content-Length: 200000\r\nContent-Type: application/json\r\n\r\n{")
                  .getBytes(StandardCharsets.US_ASCII));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertEquals("HTTP/1.1 401 Unauthorized", in.readLine());
      // Reads to the end, as the connection is closed.
      assertTrue(in.lines().anyMatch("www-authenticate: Bearer realm=\"canvas\""::equals));
    }
  }

  @Test
  void onlyConfiguredKeysAreAccepted() {
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

  /** Invalid credentials with the expected status. */
  private static Map<String, Integer> refusedCredentials() {
    JsonObject claims = TokenIssuer.claims();
    JsonObject reading = claims.copy().put("scope", "media:read");
    Map<String, Integer> credentials = new LinkedHashMap<>();
    credentials.put("", 401);
    credentials.put("Basic d3JpdGVyOg==", 401);
    credentials.put("Bearer", 401);
    credentials.put("Bearer writer", 401);
    credentials.put("Bearer " + ISSUER.token(claims.copy().put("exp", 1_700_000_000)), 401);
    credentials.put("Bearer " + ISSUER.token(claims.copy().put("aud", "other")), 401);
    credentials.put("Bearer " + ISSUER.token(claims.copy().put("iss", "other")), 401);
    credentials.put("Bearer " + TokenIssuer.unsigned(claims, ""), 401);
    credentials.put("Bearer " + TokenIssuer.unsigned(claims, ".AA"), 401);
    credentials.put("Bearer " + TokenIssuer.signedWithSecret(ISSUER.publicKey(), claims), 401);
    credentials.put("Bearer " + new TokenIssuer("ES256").token(claims), 401);
    credentials.put("Bearer " + ISSUER.token(reading), 403);
    return credentials;
  }

  private static void assertRefused(String write, String authorization, int status) {
    String[] line = write.split(" ", 2);
    String[] headers =
        authorization.isEmpty() ? new String[0] : new String[] {"Authorization", authorization};
    long startNanos = System.nanoTime();
    HttpResponse<String> response = service.write(line[0], line[1], "{\"media\":[]}", headers);
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    String what = write + " with " + authorization + ": " + response.body();
    assertEquals(status, response.statusCode(), what);
    assertEquals(status, new JsonObject(response.body()).getInteger("status"), what);
    assertTrue(
        response.headers().firstValue("www-authenticate").orElse("").startsWith("Bearer "), what);
    assertTrue(took.compareTo(MAX_REFUSAL_TIME) < 0, what + " took " + took);
  }

  private static double dataMessages() {
    return sum(DATA_MESSAGES);
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
