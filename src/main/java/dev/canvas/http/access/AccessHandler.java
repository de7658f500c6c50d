package dev.canvas.http.access;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Guards every write before its body is read: passes it on, or refuses it with 401 or 403. It is a
 * {@link SecurityPolicyHandler} because the router puts those before all others. When a request is
 * refused while its body is still arriving, {@code Problems} closes the connection. Not
 * thread-safe: confined to one event loop.
 */
public final class AccessHandler implements SecurityPolicyHandler {

  private static final CharSequence WWW_AUTHENTICATE =
      HttpHeaders.createOptimized("www-authenticate");

  private final Credentials credentials;

  AccessHandler(WriteAccess access, MeterRegistry registry) {
    this(new Credentials(access, registry));
  }

  private AccessHandler(Credentials credentials) {
    this.credentials = credentials;
  }

  /**
   * Returns the handler that the settings ask for.
   *
   * @param settings asked for each write, as its keys may change; whether writing is open does not
   * @throws IllegalArgumentException if the settings do not say who may write
   */
  public static SecurityPolicyHandler of(
      Vertx vertx, Supplier<AccessSettings> settings, MeterRegistry registry) {
    return settings.get() instanceof AccessSettings.Open
        ? RoutingContext::next
        : new AccessHandler(Credentials.of(vertx, settings, registry));
  }

  @Override
  public void handle(RoutingContext context) {
    Optional<WriteAccess.Refusal> refusal =
        credentials.check(context.request().headers().getAll(HttpHeaders.AUTHORIZATION));
    if (refusal.isEmpty()) {
      context.next();
    } else {
      if (refusal.get() != WriteAccess.Refusal.NO_KEYS) {
        context.response().putHeader(WWW_AUTHENTICATE, refusal.get().challenge());
      }
      context.fail(refusal.get().toProblem());
    }
  }
}
