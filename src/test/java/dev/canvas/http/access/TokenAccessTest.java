package dev.canvas.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.canvas.testing.TokenIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are accepted, and which are not. */
class TokenAccessTest {

  private static final Optional<WriteAccess.Refusal> ACCEPTED = Optional.empty();
  private static final Optional<WriteAccess.Refusal> INVALID =
      Optional.of(WriteAccess.Refusal.INVALID_TOKEN);
  private static final Optional<WriteAccess.Refusal> FORBIDDEN =
      Optional.of(WriteAccess.Refusal.INSUFFICIENT_SCOPE);

  private static final Vertx VERTX = Vertx.vertx();
  private static final TokenIssuer ISSUER = new TokenIssuer("RS256");

  private final TokenAccess access = access("RS256", ISSUER.publicKey());
  private final JsonObject claims = TokenIssuer.claims();

  @AfterAll
  static void close() {
    VERTX.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256", "EdDSA"})
  void validTokenIsAcceptedAndOneOfAnotherKeyIsNot(String algorithm) {
    TokenIssuer issuer = new TokenIssuer(algorithm);
    TokenAccess access = access(algorithm, issuer.publicKey());
    assertEquals(ACCEPTED, access.refusal(issuer.token(claims)));
    assertEquals(INVALID, access.refusal(new TokenIssuer(algorithm).token(claims)));
  }

  @Test
  void sharedSecretIsSupported() {
    String secret = "0123456789abcdef0123456789abcdef";
    TokenAccess access = access("HS256", secret);
    assertEquals(ACCEPTED, access.refusal(TokenIssuer.signedWithSecret(secret, claims)));
    assertEquals(INVALID, access.refusal(TokenIssuer.signedWithSecret(secret + "0", claims)));
    assertEquals(INVALID, access.refusal(ISSUER.token(claims)));
  }

  @Test
  void anyOfSeveralKeysIsAcceptedWhateverTheKeyId() {
    TokenIssuer next = new TokenIssuer("RS256");
    TokenAccess both = access("RS256", ISSUER.publicKey(), next.publicKey());
    assertEquals(ACCEPTED, both.refusal(ISSUER.token(claims)));
    assertEquals(
        ACCEPTED, both.refusal(next.token(TokenIssuer.header("RS256").put("kid", "2027"), claims)));
    assertEquals(INVALID, both.refusal(new TokenIssuer("RS256").token(claims)));
  }

  @Test
  void tokenWithoutASignatureIsInvalid() {
    String signature = ISSUER.token(claims).replaceFirst(".*\\.", ".");
    for (String end : List.of("", ".", ".AAAA", signature)) {
      assertEquals(INVALID, access.refusal(TokenIssuer.unsigned(claims, end)), end);
    }
    for (String none : List.of("None", "NONE", "nOnE")) {
      assertEquals(INVALID, access.refusal(ISSUER.token(TokenIssuer.header(none), claims)), none);
    }
  }

  @Test
  void publicKeyIsNotAcceptedAsASecret() {
    String pem = ISSUER.publicKey();
    for (String secret : List.of(pem, pem.strip(), pem.replaceAll("-----.*-----|\\s", ""))) {
      assertEquals(INVALID, access.refusal(TokenIssuer.signedWithSecret(secret, claims)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "RS384", "PS256", "ES256", "RS256 ", "rs256"})
  void tokenThatNamesAnotherAlgorithmIsInvalid(String algorithm) {
    assertEquals(INVALID, access.refusal(ISSUER.token(TokenIssuer.header(algorithm), claims)));
  }

  @Test
  void keyInsideATokenIsNotUsed() {
    TokenIssuer otherIssuer = new TokenIssuer("RS256");
    String der = otherIssuer.publicKey().replaceAll("-----.*-----|\\s", "");
    JsonObject header =
        TokenIssuer.header("RS256")
            .put("jwk", new JsonObject().put("kty", "RSA").put("e", "AQAB").put("n", der))
            .put("x5c", new JsonArray().add(der))
            .put("jku", "http://127.0.0.1:1/keys");
    assertEquals(INVALID, access.refusal(otherIssuer.token(header, claims)));
  }

  @Test
  void tamperedClaimsAreInvalid() {
    String[] parts = ISSUER.token(claims.copy().put("scope", "media:read")).split("\\.");
    parts[1] = Base64.getUrlEncoder().withoutPadding().encodeToString(claims.toBuffer().getBytes());
    assertEquals(INVALID, access.refusal(String.join(".", parts)));
  }

  @Test
  void otherIssuerOrAudienceIsInvalid() {
    assertEquals(ACCEPTED, access.refusal(ISSUER.token(with("aud", TokenIssuer.AUDIENCE))));
    for (Object audience :
        Arrays.asList("other", "Canvas", "", null, 1, new JsonArray(), new JsonObject())) {
      assertEquals(INVALID, access.refusal(ISSUER.token(with("aud", audience))), "" + audience);
    }
    for (Object issuer : Arrays.asList("https://issuer.example.net", "", null, 1)) {
      assertEquals(INVALID, access.refusal(ISSUER.token(with("iss", issuer))), "" + issuer);
    }
    assertEquals(INVALID, access.refusal(ISSUER.token(without("aud"))));
    assertEquals(INVALID, access.refusal(ISSUER.token(without("iss"))));
  }

  @Test
  void tokenIsValidOnlyWithinItsTimeAndTheLeeway() {
    long now = Instant.now().getEpochSecond();
    assertEquals(ACCEPTED, access.refusal(ISSUER.token(with("exp", now - 5))));
    assertEquals(INVALID, access.refusal(ISSUER.token(with("exp", now - 11))));
    assertEquals(ACCEPTED, access.refusal(ISSUER.token(with("nbf", now + 5))));
    assertEquals(INVALID, access.refusal(ISSUER.token(with("nbf", now + 60))));
    assertEquals(INVALID, access.refusal(ISSUER.token(with("iat", now + 60))));
  }

  @Test
  void tokenWithoutExpiryIsInvalid() {
    assertEquals(INVALID, access.refusal(ISSUER.token(without("exp"))));
    for (Object exp : Arrays.asList(null, "never", "4102444800", true, new JsonArray())) {
      assertEquals(INVALID, access.refusal(ISSUER.token(with("exp", exp))), "" + exp);
    }
    JsonObject expiresOnly = without("nbf");
    expiresOnly.remove("iat");
    assertEquals(ACCEPTED, access.refusal(ISSUER.token(expiresOnly)));
  }

  @Test
  void scopeMustMatchExactly() {
    for (Object scope :
        List.of("media:write", "a media:write b", new JsonArray().add("media:write"))) {
      assertEquals(ACCEPTED, access.refusal(ISSUER.token(with("scope", scope))), "" + scope);
      assertEquals(
          ACCEPTED, access.refusal(ISSUER.token(without("scope").put("scp", scope))), "" + scope);
    }
    for (Object scope :
        Arrays.asList(
            "media:read",
            "media:writer xmedia:write",
            "MEDIA:WRITE",
            "",
            null,
            1,
            new JsonObject().put("media:write", true),
            new JsonArray().add("media:read"))) {
      assertEquals(FORBIDDEN, access.refusal(ISSUER.token(with("scope", scope))), "" + scope);
    }
    assertEquals(FORBIDDEN, access.refusal(ISSUER.token(without("scope"))));
  }

  @Test
  void tokenWithACriticalHeaderIsInvalid() {
    JsonObject header =
        TokenIssuer.header("RS256").put("crit", new JsonArray().add("b64")).put("b64", true);
    assertEquals(INVALID, access.refusal(ISSUER.token(header, claims)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.b", "a.b.c", "a.b.c.d", "..", "e30.e30.e30", "a.b.c=", "+/.a.b"})
  void otherTextsAreInvalid(String text) {
    assertEquals(INVALID, access.refusal(text));
  }

  @Test
  void malformedTokenIsInvalid() {
    JsonObject header = TokenIssuer.header("RS256").put("alg", new JsonArray().add("RS256"));
    assertEquals(INVALID, access.refusal(ISSUER.token(header, claims)));
    String token = ISSUER.token(claims);
    assertEquals(INVALID, access.refusal(token + "."));
    assertEquals(INVALID, access.refusal(token.substring(0, token.length() - 8)));
  }

  private JsonObject with(String name, Object value) {
    return claims.copy().put(name, value);
  }

  private JsonObject without(String name) {
    JsonObject others = claims.copy();
    others.remove(name);
    return others;
  }

  private static TokenAccess access(String algorithm, String... keys) {
    return new TokenAccess(
        VERTX,
        new AccessSettings.Tokens(
            algorithm,
            List.of(keys),
            Optional.empty(),
            TokenIssuer.NAME,
            TokenIssuer.AUDIENCE,
            Duration.ofSeconds(10)));
  }
}
