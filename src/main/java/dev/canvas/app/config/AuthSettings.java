package dev.canvas.app.config;

import dev.canvas.http.access.AccessSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the settings {@code auth.*}: who may write over HTTP. */
final class AuthSettings {

  private static final Pattern KEY = Pattern.compile("([\\w.-]{1,64}):(\\p{XDigit}{64})");

  /** RFC 7518, section 3.2: a secret is at least as long as the hash. */
  private static final int MIN_SECRET_BYTES = 32;

  private AuthSettings() {}

  /**
   * Reads the mode and what it needs.
   *
   * @throws StartFailure naming the first invalid setting and what it allows, without repeating a
   *     value that may be a secret
   */
  static AccessSettings read(Settings settings) {
    if (settings.text("auth.mode").isEmpty()) {
      return new AccessSettings.Undecided();
    }
    return switch (settings.oneOf("auth.mode", "none", "keys", "jwt")) {
      case "keys" -> keys(settings);
      case "jwt" -> tokens(settings);
      default -> new AccessSettings.Open();
    };
  }

  private static AccessSettings keys(Settings settings) {
    Set<String> names = new HashSet<>();
    List<String> hashes = new ArrayList<>();
    for (String entry : settings.list("auth.keys")) {
      Matcher key = KEY.matcher(entry);
      // The entry may be a key instead of its hash, so the message must not repeat it.
      if (!key.matches() || !names.add(key.group(1))) {
        throw settings.refusedSecret(
            "auth.keys", "entries NAME:HASH as './canvas key NAME' prints them, with unique names");
      }
      hashes.add(key.group(2).toLowerCase(Locale.ROOT));
    }
    if (hashes.isEmpty()) {
      throw settings.refused("auth.keys", "at least one entry, as './canvas key NAME' prints it");
    }
    return new AccessSettings.Keys(hashes);
  }

  private static AccessSettings tokens(Settings settings) {
    String algorithm =
        settings.oneOf("auth.jwt.algorithm", "RS256", "PS256", "ES256", "EdDSA", "HS256");
    return new AccessSettings.Tokens(
        algorithm,
        algorithm.equals("HS256")
            ? List.of(secret(settings))
            : PublicKeys.read(settings, "auth.jwt.public-key", algorithm),
        required(settings, "auth.jwt.issuer"),
        required(settings, "auth.jwt.audience"),
        settings.duration("auth.jwt.leeway", Duration.ZERO, Duration.ofMinutes(5)));
  }

  private static String secret(Settings settings) {
    String secret = settings.text("auth.jwt.secret");
    // With a public key as the secret, anyone who has that key could sign tokens.
    if (secret.getBytes(StandardCharsets.UTF_8).length < MIN_SECRET_BYTES
        || secret.contains("-----BEGIN")) {
      throw settings.refusedSecret(
          "auth.jwt.secret",
          "a random text of at least " + MIN_SECRET_BYTES + " bytes that is not a PEM key");
    }
    return secret;
  }

  private static String required(Settings settings, String key) {
    if (settings.text(key).isBlank()) {
      throw settings.refused(key, "the value that the claim of each token must have");
    }
    return settings.text(key);
  }
}
