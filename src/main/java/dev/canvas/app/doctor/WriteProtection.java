package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.PublicKeys;
import dev.canvas.app.config.Settings;
import dev.canvas.app.config.StartFailure;
import dev.canvas.http.HttpSettings;
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

/** Reads who may write, {@code auth.*}, and judges it. */
public final class WriteProtection {

  private static final String HOW_TO_DECIDE =
      "set auth.mode (CANVAS_AUTH_MODE) to keys ('./canvas key' makes one) or jwt, or to none to"
          + " leave writing open";

  private static final Pattern KEY = Pattern.compile("([\\w.-]{1,64}):(\\p{XDigit}{64})");

  /** RFC 7518, section 3.2: a secret is at least as long as the hash. */
  private static final int SECRET_BYTES = 32;

  private WriteProtection() {}

  /**
   * Who may write.
   *
   * @throws StartFailure naming the first setting that is wrong, and what is allowed; what could be
   *     a secret is not shown
   */
  public static AccessSettings of(Settings settings) {
    if (settings.text("auth.mode").isEmpty()) {
      return new AccessSettings.Undecided();
    }
    return switch (settings.oneOf("auth.mode", "none", "keys", "jwt")) {
      case "keys" -> keys(settings);
      case "jwt" -> tokens(settings);
      default -> new AccessSettings.Open();
    };
  }

  /** Fails where nobody has decided. */
  public static void requireDecision(AccessSettings access) {
    if (access instanceof AccessSettings.Undecided) {
      throw new StartFailure("Nobody has decided who may write: " + HOW_TO_DECIDE);
    }
  }

  /** What the doctor says of it. */
  public static Finding finding(HttpSettings http) {
    if (http.access() instanceof AccessSettings.Undecided) {
      return Finding.fail("writing", "nobody has decided who may write", HOW_TO_DECIDE);
    }
    if (http.access() instanceof AccessSettings.Open) {
      return Finding.unless(
          Configuration.isLoopback(http.host()),
          "writing",
          "open to whoever reaches " + http.host() + ":" + http.port(),
          "set auth.mode (CANVAS_AUTH_MODE) to keys or jwt, or let nobody else reach that port");
    }
    return Finding.ok(
        "writing", http.access() instanceof AccessSettings.Keys ? "by key" : "by token");
  }

  private static AccessSettings keys(Settings settings) {
    Set<String> names = new HashSet<>();
    List<String> hashes = new ArrayList<>();
    for (String line : settings.list("auth.keys")) {
      Matcher key = KEY.matcher(line);
      // Somebody may have written a key itself there, so it is not repeated.
      if (!key.matches() || !names.add(key.group(1))) {
        throw settings.refusedSecret(
            "auth.keys", "entries name:hash as './canvas key NAME' prints them, each name once");
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
    // A public key is known to everybody: as a secret it would let everybody sign.
    if (secret.getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES
        || secret.contains("-----BEGIN")) {
      throw settings.refusedSecret(
          "auth.jwt.secret", "a random text of " + SECRET_BYTES + " bytes or more, and no PEM");
    }
    return secret;
  }

  private static String required(Settings settings, String key) {
    if (settings.text(key).isBlank()) {
      throw settings.refused(key, "what the tokens have to say");
    }
    return settings.text(key);
  }
}
