package dev.canvas.http.access;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.testing.LogOf;
import dev.canvas.testing.TokenIssuer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an issuer that publishes its keys, and changes them. */
class KeySetTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Optional<WriteAccess.Refusal> ACCEPTED = Optional.empty();
  private static final Optional<WriteAccess.Refusal> INVALID =
      Optional.of(WriteAccess.Refusal.INVALID_TOKEN);
  private static final Optional<WriteAccess.Refusal> NO_KEYS =
      Optional.of(WriteAccess.Refusal.NO_KEYS);

  private static final String TOO_MUCH = " ".repeat(1_000_000);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final AtomicInteger asked = new AtomicInteger();
  private final JsonObject claims = TokenIssuer.claims();
  private volatile String published = "";
  private volatile Handler<HttpServerRequest> answer =
      request -> request.response().setStatusCode(published.isEmpty() ? 500 : 200).end(published);
  private HttpServer issuer;

  @BeforeEach
  void start() {
    issuer =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  asked.incrementAndGet();
                  answer.handle(request);
                })
            .listen(0, "127.0.0.1")
            .await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
  void aTokenOfAPublishedKeyIsAcceptedAndOneOfAnotherIsNot(String algorithm) {
    TokenIssuer key = new TokenIssuer(algorithm);
    publish(key.jwk("one"));
    TokenAccess access = access(algorithm, Duration.ZERO);
    await().atMost(SOON).until(() -> refusal(access, key, "one").equals(ACCEPTED));
    assertEquals(INVALID, refusal(access, new TokenIssuer(algorithm), "one"));
  }

  @Test
  void untilThereAreKeysNothingIsSaidOfAToken() {
    TokenIssuer key = new TokenIssuer("ES256");
    TokenAccess access = access("ES256", Duration.ZERO);
    assertEquals(NO_KEYS, refusal(access, key, "one"));
    await().atMost(SOON).until(() -> asked.get() == 1);
    assertEquals(NO_KEYS, refusal(access, key, "one"));
  }

  @Test
  void anUnknownKeyIsAskedForAndTheLastKeysStayWhileTheIssuerIsAway() {
    TokenIssuer first = new TokenIssuer("ES256");
    TokenIssuer second = new TokenIssuer("ES256");
    publish(first.jwk("one"));
    TokenAccess access = access("ES256", Duration.ZERO);
    await().atMost(SOON).until(() -> refusal(access, first, "one").equals(ACCEPTED));
    assertEquals(1, asked.get());

    publish(first.jwk("one"), second.jwk("two"));
    await().atMost(SOON).until(() -> refusal(access, second, "two").equals(ACCEPTED));
    assertEquals(ACCEPTED, refusal(access, first, "one"));

    publish(second.jwk("two"));
    // Each unknown key is asked for, unless the issuer is being asked already.
    await().atMost(SOON).until(() -> refusal(access, first, "three").equals(INVALID));

    published = "";
    int before = asked.get();
    await()
        .atMost(SOON)
        .until(() -> refusal(access, first, "four").equals(INVALID) && asked.get() > before);
    assertEquals(ACCEPTED, refusal(access, second, "two"));
  }

  @Test
  void unknownKeysMakeItAskOnlyNowAndThen() {
    TokenIssuer key = new TokenIssuer("ES256");
    publish(key.jwk("one"));
    TokenAccess access = access("ES256", Duration.ofHours(1));
    await().atMost(SOON).until(() -> refusal(access, key, "one").equals(ACCEPTED));
    for (int stranger = 0; stranger < 50; stranger++) {
      refusal(access, new TokenIssuer("ES256"), "stranger-" + stranger);
    }
    assertEquals(1, asked.get());
  }

  @Test
  void keysForSomethingElseAreLeftOut() {
    TokenIssuer key = new TokenIssuer("RS256");
    String secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA";
    publish(
        new JsonObject().put("kty", "oct").put("k", secret),
        key.jwk("encryption").put("use", "enc"),
        key.jwk("other").put("alg", "PS256"),
        key.jwk("short").put("n", key.jwk("").getString("n").substring(0, 171)),
        key.jwk("text").put("n", 5),
        new TokenIssuer("ES256").jwk("curve"));
    TokenAccess access = access("RS256", Duration.ZERO);
    await().atMost(SOON).until(() -> asked.get() == 1);
    assertEquals(NO_KEYS, refusal(access, key, "encryption"));
    assertEquals(
        NO_KEYS, onLoop(() -> access.refusal(TokenIssuer.signedWithSecret(secret, claims))));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnswerThatIsTooLongIsRefusedWhetherItTellsItsLengthOrNot(boolean chunked) {
    TokenIssuer key = new TokenIssuer("ES256");
    publish(key.jwk("one"));
    answer = request -> request.response().setChunked(chunked).end(published + TOO_MUCH);
    try (LogOf log = new LogOf(KeySet.class)) {
      TokenAccess access = access("ES256", Duration.ofHours(1));
      await().atMost(SOON).until(() -> !log.lines().isEmpty());
      assertTrue(log.has("(its answer has more than 1000000 bytes)"), "" + log.lines());
      assertEquals(NO_KEYS, refusal(access, key, "one"));
    }
  }

  @Test
  void anAnswerWithoutAnEndIsCutOff() {
    AtomicBoolean cut = new AtomicBoolean();
    answer =
        request -> {
          HttpServerResponse response = request.response().setChunked(true);
          response.closeHandler(closed -> cut.set(true));
          response.drainHandler(drained -> fill(response));
          fill(response);
        };
    try (LogOf log = new LogOf(KeySet.class)) {
      access("ES256", Duration.ofHours(1));
      await().atMost(SOON).until(cut::get);
      assertTrue(log.has("(its answer has more than 1000000 bytes)"), "" + log.lines());
    }
  }

  private static void fill(HttpServerResponse response) {
    while (!response.closed() && !response.writeQueueFull()) {
      response.write(" ".repeat(10_000));
    }
  }

  private void publish(JsonObject... keys) {
    published = new JsonObject().put("keys", new JsonArray(Arrays.asList(keys))).encode();
  }

  private TokenAccess access(String algorithm, Duration askAtMostEvery) {
    URI address = URI.create("http://127.0.0.1:" + issuer.actualPort() + "/jwks.json");
    return onLoop(
        () ->
            new TokenAccess(
                vertx,
                new AccessSettings.Tokens(
                    algorithm,
                    List.of(),
                    Optional.of(address),
                    TokenIssuer.NAME,
                    TokenIssuer.AUDIENCE,
                    Duration.ofSeconds(10)),
                askAtMostEvery));
  }

  private Optional<WriteAccess.Refusal> refusal(TokenAccess access, TokenIssuer key, String id) {
    JsonObject header = key.header().put("kid", id);
    return onLoop(() -> access.refusal(key.token(header, claims)));
  }

  private <T> T onLoop(Supplier<T> call) {
    return Future.<T>future(done -> loop.runOnContext(here -> done.complete(call.get()))).await();
  }
}
