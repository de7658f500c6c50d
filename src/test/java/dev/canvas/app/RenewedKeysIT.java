package dev.canvas.app;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.client.Addresses;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.renewal.FileWatch;
import dev.canvas.testing.BridgeClient;
import dev.canvas.testing.FreePorts;
import dev.canvas.testing.LogOf;
import dev.canvas.testing.Secrets;
import dev.canvas.testing.TokenIssuer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running service whose keys are replaced in their files. */
class RenewedKeysIT {

  private static final String OLD = Secrets.secret("-the-old-key");
  private static final String NEW = Secrets.secret("-the-new-key");

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final int bridgePort = FreePorts.one();
  private RunningService service;

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void keysOfWritersAreAddedAndRevoked() throws IOException {
    Path keys = replace("keys", "shop:" + AccessSettings.Keys.hash(OLD));
    start(Map.of("CANVAS_AUTH_MODE", "keys", "CANVAS_AUTH_KEYS_FILE", keys.toString()));
    assertAccepted(OLD);
    assertRefused(NEW);
    replace(
        "keys",
        "shop:%s,new:%s".formatted(AccessSettings.Keys.hash(OLD), AccessSettings.Keys.hash(NEW)));
    await().until(() -> http(NEW) == 400);
    assertAccepted(OLD);
    assertAccepted(NEW);
    replace("keys", "new:" + AccessSettings.Keys.hash(NEW));
    await().until(() -> http(OLD) == 401);
    assertRefused(OLD);
    assertAccepted(NEW);
  }

  @Test
  void keysThatCannotBeUsedChangeNothingAndAreNotShown() throws IOException {
    Path keys = replace("keys", "shop:" + AccessSettings.Keys.hash(OLD));
    start(Map.of("CANVAS_AUTH_MODE", "keys", "CANVAS_AUTH_KEYS_FILE", keys.toString()));
    try (LogOf log = new LogOf(FileWatch.class)) {
      // Somebody has written the key itself.
      replace("keys", "shop:" + NEW);
      await().until(() -> !log.lines().isEmpty());
      assertEquals(
          List.of(
              "WARN The keys of auth.keys cannot be read again (auth.keys (CANVAS_AUTH_KEYS_FILE,"
                  + " here set in "
                  + keys
                  + ") is invalid: expected entries NAME:HASH as './canvas key NAME' prints them,"
                  + " with commas or line breaks between them); the last ones stay in use until"
                  + " that is corrected"),
          log.lines());
      assertAccepted(OLD);
      assertRefused(NEW);
      Files.delete(keys);
      replace("keys", "shop:" + AccessSettings.Keys.hash(NEW));
      await().until(() -> log.has("can be read again"));
      assertAccepted(NEW);
      assertRefused(OLD);
    }
  }

  @Test
  void theKeyOfTokensIsReplaced() throws IOException {
    TokenIssuer before = new TokenIssuer("ES256");
    TokenIssuer after = new TokenIssuer("ES256");
    Path key = replace("issuer.pem", before.publicKey());
    start(
        Map.of(
            "CANVAS_AUTH_MODE",
            "jwt",
            "CANVAS_AUTH_JWT_ALGORITHM",
            "ES256",
            "CANVAS_AUTH_JWT_PUBLIC_KEY",
            key.toString(),
            "CANVAS_AUTH_JWT_ISSUER",
            TokenIssuer.NAME,
            "CANVAS_AUTH_JWT_AUDIENCE",
            TokenIssuer.AUDIENCE));
    assertAccepted(before.token(TokenIssuer.claims()));
    assertRefused(after.token(TokenIssuer.claims()));
    replace("issuer.pem", after.publicKey());
    await().until(() -> http(after.token(TokenIssuer.claims())) == 400);
    assertAccepted(after.token(TokenIssuer.claims()));
    assertRefused(before.token(TokenIssuer.claims()));
  }

  @Test
  void theKeyOfTheManagementPortIsReplacedButNeverTakenAway() throws Exception {
    Path key = replace("management", OLD);
    start(Map.of("CANVAS_AUTH_MODE", "none", "CANVAS_MANAGEMENT_KEY_FILE", key.toString()));
    assertEquals(200, management(OLD));
    assertEquals(401, management(NEW));
    replace("management", NEW);
    await().until(() -> management(NEW) == 200);
    assertEquals(401, management(OLD));
    try (LogOf log = new LogOf(FileWatch.class)) {
      replace("management", "\n");
      await().until(() -> log.has("management.key (CANVAS_MANAGEMENT_KEY_FILE, here set in "));
    }
    assertEquals(200, management(NEW));
    assertEquals(401, management(OLD));
  }

  private void start(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("CANVAS_BRIDGE_TCP_PORT", Integer.toString(bridgePort));
    service = new RunningService(all);
  }

  /** Writes another file, and gives it the name. */
  private Path replace(String name, String content) throws IOException {
    Path next = Files.writeString(directory.resolve("next"), content + "\n");
    return Files.move(next, directory.resolve(name), ATOMIC_MOVE);
  }

  private void assertAccepted(String credential) {
    assertEquals(400, http(credential));
    assertEquals(404, bridge(credential));
  }

  private void assertRefused(String credential) {
    assertEquals(401, http(credential));
    assertEquals(401, bridge(credential));
  }

  /** The status of a write that is malformed: 400 if its credential is accepted. */
  private int http(String credential) {
    return service
        .write("PUT", "/api/products/1/media", "{", "Authorization", "Bearer " + credential)
        .statusCode();
  }

  /** The failure code of the deletion of a product that does not exist. */
  private int bridge(String credential) {
    try (BridgeClient bridge = new BridgeClient(bridgePort)) {
      return bridge
          .request(
              Addresses.MEDIA_DELETE,
              new JsonObject().put("product_id", 1),
              new JsonObject().put("authorization", "Bearer " + credential))
          .getInteger("failureCode");
    }
  }

  private int management(String key) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + service.managementPort() + "/verticles"))
                .header("Authorization", "Bearer " + key)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
