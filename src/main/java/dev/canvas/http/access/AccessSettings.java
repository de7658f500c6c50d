package dev.canvas.http.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** Who may write over HTTP. Immutable. */
public sealed interface AccessSettings {

  /** Nobody has decided: no server is started with it. */
  record Undecided() implements AccessSettings {}

  /** Everybody. */
  record Open() implements AccessSettings {}

  /**
   * Who bears one of the keys.
   *
   * @param hashes the SHA-256 of each key in lower-case hexadecimal digits, at least one
   */
  record Keys(List<String> hashes) implements AccessSettings {

    /** A copy of the list. */
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
   * Who bears a token (RFC 7519) of one issuer, for one audience, with the scope {@code
   * media:write}.
   *
   * @param algorithm the only one that is taken (RFC 7518, section 3.1; RFC 8037)
   * @param keys public keys as PEM, or the secret of HS256; at least one, any of them may have
   *     signed
   * @param leeway how far the clocks may be apart, in whole seconds
   */
  record Tokens(
      String algorithm, List<String> keys, String issuer, String audience, Duration leeway)
      implements AccessSettings {

    /**
     * A copy of the list.
     *
     * @throws IllegalArgumentException without a key, as then any token would do
     */
    public Tokens {
      keys = List.copyOf(keys);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("There is no key that a token could be verified with");
      }
    }

    /** Without the keys: one may be a secret. */
    @Override
    public String toString() {
      return "Tokens[" + algorithm + ", " + issuer + ", " + audience + "]";
    }
  }
}
