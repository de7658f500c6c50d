package dev.canvas.app.config;

import dev.canvas.http.management.ManagementSettings;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the settings of the management port. */
final class OperatorPort {

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

  private static String key(Settings settings) {
    String key = settings.text("management.key").strip();
    if (!key.isEmpty() && !key.matches("[A-Za-z0-9._~+/-]{16,}=*")) {
      throw settings.refusedSecret(
          "management.key",
          "no value, or at least 16 letters, digits and - . _ ~ + / such as './canvas key' prints");
    }
    return key;
  }
}
