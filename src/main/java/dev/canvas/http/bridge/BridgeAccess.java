package dev.canvas.http.bridge;

import dev.canvas.http.access.AccessSettings;
import dev.canvas.http.access.Credentials;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides which messages of the bridge are passed on, by the credential in each. Not thread-safe:
 * confined to one event loop.
 */
final class BridgeAccess {

  /** The header of a message with the credential. */
  private static final String AUTHORIZATION = "authorization";

  /** Empty if everybody may write. */
  private final Optional<Credentials> credentials;

  /**
   * @param settings asked for each message, as its keys may change; whether writing is open does
   *     not
   */
  BridgeAccess(Vertx vertx, Supplier<AccessSettings> settings, MeterRegistry registry) {
    credentials =
        settings.get() instanceof AccessSettings.Open
            ? Optional.empty()
            : Optional.of(Credentials.of(vertx, settings, registry));
  }

  /** Why a message is not passed on; empty if it is. */
  Optional<ProblemException> refusal(Addressee.Right right, JsonObject headers, JsonObject body) {
    if (right == Addressee.Right.READ) {
      return Optional.empty();
    }
    if (credentials.isEmpty()) {
      return right == Addressee.Right.WRITE
          ? Optional.empty()
          : Optional.of(
              Problem.FORBIDDEN.because(
                  "Loads and scaling need a credential, and auth.mode is none: use the management"
                      + " port"));
    }
    if (right == Addressee.Right.CONTROL && body.containsKey("file")) {
      return Optional.of(
          Problem.FORBIDDEN.because(
              "Clients of the bridge may not have files of the node read: start the load there"));
    }
    return credentials.get().refusal(authorization(headers));
  }

  private static Optional<String> authorization(JsonObject headers) {
    return headers.stream()
        .filter(header -> header.getKey().equalsIgnoreCase(AUTHORIZATION))
        .map(header -> String.valueOf(header.getValue()))
        .findFirst();
  }
}
