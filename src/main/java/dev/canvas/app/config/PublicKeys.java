package dev.canvas.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Reads and validates the public keys that verify tokens. */
final class PublicKeys {

  /** RFC 7468, section 13. */
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

  /** RFC 7518, section 3.3. */
  private static final int MIN_RSA_BITS = 2_048;

  /** P-256: RFC 7518, section 3.4. */
  private static final int CURVE_BITS = 256;

  private PublicKeys() {}

  /**
   * Reads the keys of a setting, each as PEM.
   *
   * @param algorithm the name of the signature algorithm (RFC 7518, section 3.1; RFC 8037)
   * @throws StartFailure if there is no key, or a key is too short or of another kind
   */
  static List<String> read(Settings settings, String key, String algorithm) {
    List<String> bodies =
        PEM.matcher(text(settings, key)).results().map(match -> match.group(1)).toList();
    if (bodies.isEmpty() || !bodies.stream().allMatch(body -> isFor(algorithm, body))) {
      throw settings.refusedSecret(
          key,
          "PEM of one or more public keys for "
              + algorithm
              + " ('-----BEGIN PUBLIC KEY-----…'; RSA of "
              + MIN_RSA_BITS
              + " bits or more, P-256, Ed25519), or the path of a file with such PEM");
    }
    return bodies.stream().map(PublicKeys::pem).toList();
  }

  /** Whether a value of the setting is the path of a file with the keys. */
  static boolean isPath(String value) {
    return !value.isBlank() && !value.contains("-----BEGIN");
  }

  private static String text(Settings settings, String key) {
    String text = settings.text(key);
    if (!isPath(text)) {
      return text;
    }
    try {
      return Files.readString(Path.of(text.strip()));
    } catch (IOException | InvalidPathException unreadable) {
      throw settings.refusedSecret(key, "PEM, or the path of a readable file");
    }
  }

  private static boolean isFor(String algorithm, String body) {
    try {
      PublicKey key =
          KeyFactory.getInstance(family(algorithm))
              .generatePublic(new X509EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
      if (key instanceof RSAPublicKey rsa) {
        return rsa.getModulus().bitLength() >= MIN_RSA_BITS;
      }
      return !(key instanceof ECPublicKey ec)
          || ec.getParams().getCurve().getField().getFieldSize() == CURVE_BITS;
    } catch (GeneralSecurityException | IllegalArgumentException otherKind) {
      return false;
    }
  }

  private static String family(String algorithm) {
    return switch (algorithm) {
      case "ES256" -> "EC";
      case "EdDSA" -> "Ed25519";
      default -> "RSA";
    };
  }

  /** Vert.x expects the first and the last line of PEM to hold nothing but the label. */
  private static String pem(String body) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + body.replaceAll("\\s", "")
        + "\n-----END PUBLIC KEY-----\n";
  }
}
