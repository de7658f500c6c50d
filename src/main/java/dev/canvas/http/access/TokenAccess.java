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
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets those write who bear a signed token (RFC 7519, RFC 8725). The library verifies the signature
 * and the claims iss, aud, exp, nbf and iat; as its keys are all of the one configured algorithm, a
 * token that names another finds none. What it leaves open is checked here. Belongs to one event
 * loop.
 */
final class TokenAccess implements WriteAccess {

  private static final Logger LOG = LoggerFactory.getLogger(TokenAccess.class);

  /** RFC 7515, section 3.1, with a signature. */
  private static final Pattern SIGNED = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

  private static final Optional<Refusal> INVALID = Optional.of(Refusal.INVALID_TOKEN);

  private final JWTAuth tokens;

  TokenAccess(Vertx vertx, AccessSettings.Tokens settings) {
    JWTAuthOptions options =
        new JWTAuthOptions()
            .setJWTOptions(
                new JWTOptions()
                    .setIssuer(settings.issuer())
                    .setAudience(List.of(settings.audience()))
                    .setLeeway((int) settings.leeway().toSeconds()));
    for (String key : settings.keys()) {
      options.addPubSecKey(
          new PubSecKeyOptions().setAlgorithm(settings.algorithm()).setBuffer(key));
    }
    tokens = JWTAuth.create(vertx, options);
  }

  @Override
  public Optional<Refusal> refusal(String credential) {
    if (!SIGNED.matcher(credential).matches()) {
      return INVALID;
    }
    try {
      // Nobody is asked, so the future is complete.
      Future<User> verified = tokens.authenticate(new TokenCredentials(credential));
      if (!verified.succeeded()) {
        return invalid(verified.cause());
      }
      return refusal(credential, verified.result());
    } catch (RuntimeException malformed) {
      // A claim of another type than it has to be.
      return invalid(malformed);
    }
  }

  private static Optional<Refusal> refusal(String credential, User bearer) {
    // Who does not know a critical header has to refuse (RFC 7515, section 4.1.11): none is known.
    if (bearer.get("exp") == null || header(credential).containsKey("crit")) {
      return INVALID;
    }
    return hasScope(bearer.get("scope")) || hasScope(bearer.get("scp"))
        ? Optional.empty()
        : Optional.of(Refusal.INSUFFICIENT_SCOPE);
  }

  /** A text with spaces between (RFC 8693, section 4.2), or a list, as some issuers have it. */
  private static boolean hasScope(Object claim) {
    if (claim instanceof JsonArray list) {
      return list.contains(Refusal.SCOPE);
    }
    return claim instanceof String text && List.of(text.split(" ")).contains(Refusal.SCOPE);
  }

  private static JsonObject header(String credential) {
    String encoded = credential.substring(0, credential.indexOf('.'));
    return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(encoded)));
  }

  /** The reason is for the operator; it may quote the token, which anybody can have made. */
  private static Optional<Refusal> invalid(Throwable reason) {
    LOG.debug("A token is refused: {}", String.valueOf(reason).replaceAll("\\p{Cntrl}", " "));
    return INVALID;
  }
}
