package dev.canvas.app.config;

import dev.canvas.http.management.ManagementSettings;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the settings of the management port. */
final class OperatorPort {

  private static final String KEY = "management.key";

  private OperatorPort() {}

  /**
   * Reads {@code management}.
   *
   * @param host the address to listen on
   */
  static ManagementSettings read(Settings settings, String host) {
    return new ManagementSettings(
        host, settings.integer("management.port", 0, 65_535), hosts(settings), key(settings));
  }

  private static Set<String> hosts(Settings settings) {
    String key = "management.hosts";
    return settings.list(key).stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .peek(
            name -> {
              if (!name.matches("[a-z0-9._-]+")) {
                throw settings.refused(key, "no value, or names such as canvas.shop.example");
              }
            })
        .collect(Collectors.toSet());
  }

  /** The setting with the key, if there is one that comes from a file of its own. */
  static Optional<String> keySetting(Settings settings) {
    return settings.hasOwnFile(KEY) && !key(settings).isEmpty()
        ? Optional.of(KEY)
        : Optional.empty();
  }

  /**
   * The key that replaces another one.
   *
   * @throws StartFailure if there is none, as an empty file would open the port to everybody
   */
  static String changedKey(Settings settings) {
    String key = key(settings);
    if (key.isEmpty()) {
      throw settings.refusedSecret(KEY, "another key in place of the last one");
    }
    return key;
  }

  private static String key(Settings settings) {
    String key = settings.text(KEY).strip();
    if (!key.isEmpty() && !key.matches("[A-Za-z0-9._~+/-]{16,}=*")) {
      throw settings.refusedSecret(
          KEY,
          "no value, or at least 16 letters, digits and - . _ ~ + / such as './canvas key' prints");
    }
    return key;
  }
}
