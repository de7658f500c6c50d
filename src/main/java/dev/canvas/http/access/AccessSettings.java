package dev.canvas.http.access;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Who may write over HTTP. Immutable. */
public sealed interface AccessSettings {

  /** Not configured; the service does not start without a decision. */
  record Undecided() implements AccessSettings {}

  /** Everybody may write. */
  record Open() implements AccessSettings {}

  /**
   * Bearers of one of the configured keys may write.
   *
   * @param hashes the SHA-256 of each key in lower-case hexadecimal digits, at least one
   */
  record Keys(List<String> hashes) implements AccessSettings {

    /** Copies the list. */
    public Keys {
      hashes = List.copyOf(hashes);
    }

    /** The SHA-256 of a key. */
    public static String hash(String key) {
      try {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException("Every Java has SHA-256", impossible);
      }
    }
  }

  /**
   * Bearers of a token (RFC 7519) with the scope {@code media:write} may write.
   *
   * @param algorithm the only signature algorithm accepted (RFC 7518, section 3.1; RFC 8037)
   * @param keys public keys as PEM, or the secret of HS256; a signature by any of them is accepted.
   *     At least one, unless there is a key set
   * @param keySet where the issuer publishes its keys (RFC 7517)
   * @param issuer the required claim {@code iss}
   * @param audience the required claim {@code aud}
   * @param leeway the tolerated clock difference, in whole seconds
   */
  record Tokens(
      String algorithm,
      List<String> keys,
      Optional<URI> keySet,
      String issuer,
      String audience,
      Duration leeway)
      implements AccessSettings {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there is no key, because then every token would be valid
     */
    public Tokens {
      keys = List.copyOf(keys);
      if (keys.isEmpty() && keySet.isEmpty()) {
        throw new IllegalArgumentException("No key to verify tokens with: expected at least one");
      }
    }

    /** Leaves out the keys, which may be a secret. */
    @Override
    public String toString() {
      return "Tokens[" + algorithm + ", " + issuer + ", " + audience + "]";
    }
  }
}
