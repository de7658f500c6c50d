package dev.canvas.app.config;

import dev.canvas.http.access.AccessSettings;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keys that come from files of their own, which may change while the service runs. Thread-safe.
 *
 * @param access who may write over HTTP and the TCP bridge
 * @param management the key of the management port
 */
public record KeyFiles(
    Optional<Source<AccessSettings>> access, Optional<Source<String>> management) {

  /**
   * Keys that can be read again.
   *
   * @param setting the setting that they are the value of
   * @param reader reads them again, and fails as the start does if they are invalid. Blocking
   */
  public record Source<T>(String setting, Supplier<T> reader) {}

  static KeyFiles of(Settings settings) {
    return new KeyFiles(
        AuthSettings.keySetting(settings)
            .map(key -> new Source<>(key, () -> AuthSettings.read(settings.readAgain(key)))),
        OperatorPort.keySetting(settings)
            .map(key -> new Source<>(key, () -> OperatorPort.changedKey(settings.readAgain(key)))));
  }
}
