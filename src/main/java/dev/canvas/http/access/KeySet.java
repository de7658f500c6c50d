package dev.canvas.http.access;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of an issuer, from the address at which it publishes them (a JWK Set, RFC 7517).
 * It is asked every five minutes, and earlier when a token names a key that is not among them: so
 * an issuer changes its keys without a restart here. While it does not answer, the last keys stay.
 *
 * <p>Only keys that verify the configured algorithm are taken, and of them only what is public.
 * Confined to one event loop.
 */
final class KeySet {

  private static final Logger LOG = LoggerFactory.getLogger(KeySet.class);

  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MAX_BYTES = 1_000_000;

  /** RFC 7518, section 3.3. */
  private static final int MIN_RSA_BITS = 2_048;

  private final String name;
  private final RequestOptions address;
  private final String algorithm;
  private final Duration atMostEvery;
  private final Consumer<List<JsonObject>> taken;
  private final HttpClient client;
  private final Set<String> ids = new HashSet<>();
  private boolean asking;
  private boolean away;
  private long askedNanos;

  /**
   * Begins to ask. To be created on the event loop of a verticle, with which it ends.
   *
   * @param algorithm the name of the signature algorithm (RFC 7518, section 3.1; RFC 8037)
   * @param atMostEvery how often it is asked at most because of unknown keys
   * @param taken gets the keys each time that there are some
   */
  KeySet(
      Vertx vertx,
      URI address,
      String algorithm,
      Duration atMostEvery,
      Consumer<List<JsonObject>> taken) {
    this.name = address.toString();
    this.address = new RequestOptions().setAbsoluteURI(address.toString());
    this.algorithm = algorithm;
    this.atMostEvery = atMostEvery;
    this.taken = taken;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) PATIENCE.toMillis()));
    vertx.setPeriodic(EVERY.toMillis(), due -> ask());
    ask();
  }

  /**
   * Notes which key a token names; asks the issuer if it is an unknown one.
   *
   * @param id null if it names none
   */
  void named(String id) {
    if (id != null && !ids.contains(id) && System.nanoTime() - askedNanos > atMostEvery.toNanos()) {
      ask();
    }
  }

  private void ask() {
    if (asking) {
      return;
    }
    asking = true;
    askedNanos = System.nanoTime();
    Future<HttpClientRequest> request = client.request(address);
    request
        .compose(HttpClientRequest::send)
        .compose(KeySet::body)
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .map(body -> new JsonObject(body).getJsonArray("keys").stream().map(this::usable).toList())
        .onComplete(
            (found, failure) -> {
              asking = false;
              if (failure != null) {
                // What is still being sent is not read.
                request.onSuccess(HttpClientRequest::reset);
              }
              List<JsonObject> keys =
                  failure != null ? List.of() : found.stream().filter(Objects::nonNull).toList();
              tell(keys, failure);
              if (!keys.isEmpty()) {
                take(keys);
              }
            });
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    Promise<Buffer> whole = Promise.promise();
    response.exceptionHandler(whole::tryFail);
    if (response.statusCode() != 200) {
      whole.fail("it answers " + response.statusCode());
      return whole.future();
    }
    Buffer read = Buffer.buffer();
    response
        .handler(
            part -> {
              if (read.length() + part.length() > MAX_BYTES) {
                whole.tryFail("its answer has more than %d bytes".formatted(MAX_BYTES));
              } else {
                read.appendBuffer(part);
              }
            })
        .endHandler(end -> whole.tryComplete(read));
    return whole.future();
  }

  private void take(List<JsonObject> keys) {
    ids.clear();
    keys.forEach(key -> ids.add((String) key.remove("kid")));
    taken.accept(keys);
  }

  private void tell(List<JsonObject> keys, Throwable failure) {
    boolean lacking = keys.isEmpty();
    if (lacking && !away) {
      LOG.warn(
          "The issuer's keys cannot be read from {} ({}); tokens are checked by the last ones",
          name,
          failure == null ? "none is for " + algorithm : failure.getMessage());
    } else if (!lacking && away) {
      LOG.info("The issuer's keys can be read again");
    }
    away = lacking;
  }

  /** What is public of a key, if tokens may be signed with it; null if not. */
  private JsonObject usable(Object member) {
    if (!(member instanceof JsonObject key)
        || !"sig".equals(key.getValue("use", "sig"))
        || !algorithm.equals(key.getValue("alg", algorithm))) {
      return null;
    }
    List<String> names =
        switch (algorithm) {
          case "ES256" -> isOf(key, "EC", "P-256") ? List.of("kty", "crv", "x", "y") : null;
          case "EdDSA" -> isOf(key, "OKP", "Ed25519") ? List.of("kty", "crv", "x") : null;
          default -> isLongRsa(key) ? List.of("kty", "n", "e") : null;
        };
    if (names == null || !names.stream().allMatch(name -> key.getValue(name) instanceof String)) {
      return null;
    }
    JsonObject shown = new JsonObject().put("alg", algorithm).put("kid", key.getValue("kid"));
    names.forEach(name -> shown.put(name, key.getString(name)));
    return shown;
  }

  private static boolean isOf(JsonObject key, String type, String curve) {
    return type.equals(key.getValue("kty")) && curve.equals(key.getValue("crv"));
  }

  private static boolean isLongRsa(JsonObject key) {
    try {
      return "RSA".equals(key.getValue("kty"))
          && key.getValue("n") instanceof String modulus
          && new BigInteger(1, Base64.getUrlDecoder().decode(modulus)).bitLength() >= MIN_RSA_BITS;
    } catch (IllegalArgumentException noBase64) {
      return false;
    }
  }
}
