package dev.canvas.http.access;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts signed tokens (RFC 7519, RFC 8725). The library verifies the signature and the claims
 * iss, aud, exp, nbf and iat. All its keys are of the one configured algorithm, so it finds no key
 * for a token that names another. This class checks the rest: exp is present, no critical header,
 * and the scope. Confined to one event loop.
 */
final class TokenAccess implements WriteAccess {

  private static final Logger LOG = LoggerFactory.getLogger(TokenAccess.class);

  /** The compact form with a signature (RFC 7515, section 3.1). */
  private static final Pattern SIGNED = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

  private static final Optional<WriteAccess.Refusal> INVALID =
      Optional.of(WriteAccess.Refusal.INVALID_TOKEN);

  private static final Optional<WriteAccess.Refusal> NO_KEYS =
      Optional.of(WriteAccess.Refusal.NO_KEYS);

  /** How often the issuer is asked at most because tokens name unknown keys. */
  private static final Duration ASK_AT_MOST_EVERY = Duration.ofSeconds(10);

  /** Null until the issuer has published a key. */
  private JWTAuth tokens;

  /** Null if the keys are in the settings. */
  private final KeySet published;

  TokenAccess(Vertx vertx, AccessSettings.Tokens settings) {
    this(vertx, settings, ASK_AT_MOST_EVERY);
  }

  TokenAccess(Vertx vertx, AccessSettings.Tokens settings, Duration askAtMostEvery) {
    if (settings.keySet().isEmpty()) {
      JWTAuthOptions options = options(settings);
      for (String key : settings.keys()) {
        options.addPubSecKey(
            new PubSecKeyOptions().setAlgorithm(settings.algorithm()).setBuffer(key));
      }
      tokens = JWTAuth.create(vertx, options);
      published = null;
    } else {
      published =
          new KeySet(
              vertx,
              settings.keySet().get(),
              settings.algorithm(),
              askAtMostEvery,
              keys -> tokens = JWTAuth.create(vertx, options(settings).setJwks(keys)));
    }
  }

  private static JWTAuthOptions options(AccessSettings.Tokens settings) {
    return new JWTAuthOptions()
        .setJWTOptions(
            new JWTOptions()
                .setIssuer(settings.issuer())
                .setAudience(List.of(settings.audience()))
                .setLeeway((int) settings.leeway().toSeconds()));
  }

  @Override
  public Optional<WriteAccess.Refusal> refusal(String credential) {
    if (!SIGNED.matcher(credential).matches()) {
      return INVALID;
    }
    if (tokens == null) {
      return NO_KEYS;
    }
    try {
      if (published != null) {
        published.named(header(credential).getString("kid"));
      }
      // Verification does no I/O, so the future is complete.
      Future<User> verified = tokens.authenticate(new TokenCredentials(credential));
      if (!verified.succeeded()) {
        return invalid(verified.cause());
      }
      return refusal(credential, verified.result());
    } catch (RuntimeException malformed) {
      // A claim has the wrong JSON type.
      return invalid(malformed);
    }
  }

  private static Optional<WriteAccess.Refusal> refusal(String credential, User bearer) {
    // A critical header that is not understood must be refused (RFC 7515, section 4.1.11).
    if (bearer.get("exp") == null || header(credential).containsKey("crit")) {
      return INVALID;
    }
    return hasScope(bearer.get("scope")) || hasScope(bearer.get("scp"))
        ? Optional.empty()
        : Optional.of(WriteAccess.Refusal.INSUFFICIENT_SCOPE);
  }

  /**
   * Accepts a space-separated string (RFC 8693, section 4.2), or the array that some issuers use.
   */
  private static boolean hasScope(Object claim) {
    if (claim instanceof JsonArray list) {
      return list.contains(WriteAccess.Refusal.SCOPE);
    }
    return claim instanceof String text
        && List.of(text.split(" ")).contains(WriteAccess.Refusal.SCOPE);
  }

  private static JsonObject header(String credential) {
    String encoded = credential.substring(0, credential.indexOf('.'));
    return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(encoded)));
  }

  /** Logs the reason for the operator. It may quote the token, whose content is not trusted. */
  private static Optional<WriteAccess.Refusal> invalid(Throwable reason) {
    LOG.debug("Refused a token: {}", String.valueOf(reason).replaceAll("\\p{Cntrl}", " "));
    return INVALID;
  }
}
