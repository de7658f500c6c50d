package dev.canvas.app.config;

import dev.canvas.http.access.AccessSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the settings {@code auth.*}: who may write over HTTP. */
final class AuthSettings {

  private static final Pattern KEY = Pattern.compile("([\\w.-]{1,64}):(\\p{XDigit}{64})");

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final String PUBLIC_KEY = "auth.jwt.public-key";
  private static final String KEY_SET = "auth.jwt.jwks-url";
  private static final String KEY_SET_ALLOWED =
      "no value, or an address such as https://login.example/.well-known/jwks.json";

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

  /** The setting with the keys of the mode, if they come from a file of their own. */
  static Optional<String> keySetting(Settings settings) {
    String key =
        switch (settings.text("auth.mode")) {
          case "keys" -> "auth.keys";
          case "jwt" ->
              settings.text("auth.jwt.algorithm").equals("HS256") ? "auth.jwt.secret" : PUBLIC_KEY;
          default -> "";
        };
    return settings.hasOwnFile(key)
            || (key.equals(PUBLIC_KEY) && PublicKeys.isPath(settings.text(key)))
        ? Optional.of(key)
        : Optional.empty();
  }

  private static AccessSettings keys(Settings settings) {
    Set<String> names = new HashSet<>();
    List<String> hashes = new ArrayList<>();
    for (String entry : settings.list("auth.keys")) {
      Matcher key = KEY.matcher(entry);
      if (!key.matches()) {
        // The entry may be a key instead of its hash, so the message must not repeat it.
        throw settings.refusedSecret(
            "auth.keys",
            "entries NAME:HASH as './canvas key NAME' prints them, with commas or line breaks"
                + " between them");
      }
      if (!names.add(key.group(1))) {
        throw settings.refusedSecret(
            "auth.keys", "unique names, but '%s' is there twice".formatted(key.group(1)));
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
    Optional<URI> keySet = keySet(settings, algorithm);
    return new AccessSettings.Tokens(
        algorithm,
        keySet.isPresent()
            ? List.of()
            : algorithm.equals("HS256")
                ? List.of(secret(settings))
                : PublicKeys.read(settings, PUBLIC_KEY, algorithm),
        keySet,
        required(settings, "auth.jwt.issuer"),
        required(settings, "auth.jwt.audience"),
        settings.duration("auth.jwt.leeway", Duration.ZERO, Duration.ofMinutes(5)));
  }

  /**
   * Over HTTPS, as whoever answers there decides who may write; this machine is believed without.
   */
  private static Optional<URI> keySet(Settings settings, String algorithm) {
    String text = settings.text(KEY_SET).strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (algorithm.equals("HS256") || !settings.text(PUBLIC_KEY).isBlank()) {
      throw settings.refused(KEY_SET, "no value beside " + PUBLIC_KEY + " or HS256");
    }
    try {
      URI address = new URI(text);
      boolean secure = "https".equals(address.getScheme());
      boolean here = "http".equals(address.getScheme());
      if (address.getHost() != null && (secure || (here && LOOPBACK.contains(address.getHost())))) {
        return Optional.of(address);
      }
    } catch (URISyntaxException malformed) {
      throw settings.refused(KEY_SET, KEY_SET_ALLOWED);
    }
    throw settings.refused(KEY_SET, KEY_SET_ALLOWED);
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
