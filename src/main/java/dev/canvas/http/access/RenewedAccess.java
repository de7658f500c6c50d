package dev.canvas.http.access;

import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Accepts what the settings accept at the moment of the request: their keys may come from files,
 * and change with them. Confined to one event loop.
 */
final class RenewedAccess implements WriteAccess {

  private final Vertx vertx;
  private final Supplier<AccessSettings> settings;
  private AccessSettings used;
  private WriteAccess access;

  /**
   * @param settings asked for each credential; another object means that keys have changed
   * @throws IllegalArgumentException if the settings ask for no credentials
   */
  RenewedAccess(Vertx vertx, Supplier<AccessSettings> settings) {
    this.vertx = vertx;
    this.settings = settings;
    use(settings.get());
  }

  @Override
  public Optional<Refusal> refusal(String credential) {
    AccessSettings now = settings.get();
    if (now != used) {
      use(now);
    }
    return access.refusal(credential);
  }

  private void use(AccessSettings now) {
    access = of(vertx, now);
    used = now;
  }

  /** The classes that verify tokens are loaded only if tokens are configured. */
  private static WriteAccess of(Vertx vertx, AccessSettings settings) {
    if (settings instanceof AccessSettings.Tokens tokens) {
      return new TokenAccess(vertx, tokens);
    }
    if (settings instanceof AccessSettings.Keys keys) {
      return WriteAccess.byKey(keys);
    }
    throw new IllegalArgumentException(
        "The settings do not say who may write: expected auth.mode keys, jwt or none");
  }
}
