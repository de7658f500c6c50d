package dev.canvas.app.config;

import dev.canvas.http.bridge.BridgeSettings;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the settings of the TCP bridge. */
final class TcpBridge {

  private TcpBridge() {}

  /**
   * Reads {@code bridge.tcp}.
   *
   * @param host the address to listen on
   */
  static BridgeSettings read(Settings settings, String host) {
    return new BridgeSettings(
        host,
        settings.integer("bridge.tcp.port", 0, 65_535),
        settings.integer("bridge.tcp.connections", 1, 100_000),
        settings.integer("bridge.tcp.rate", 1, 1_000_000),
        pemFile(settings, "bridge.tcp.certificate", "bridge.tcp.key"),
        pemFile(settings, "bridge.tcp.key", "bridge.tcp.certificate"));
  }

  /** The name of a file that is given if and only if another is. */
  private static String pemFile(Settings settings, String key, String other) {
    String file = settings.text(key);
    if (file.isEmpty() != settings.text(other).isEmpty()
        || (!file.isEmpty() && !Files.isReadable(Path.of(file)))) {
      throw settings.refused(key, "a PEM file that can be read, together with " + other);
    }
    return file;
  }
}
