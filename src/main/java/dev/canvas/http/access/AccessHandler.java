package dev.canvas.http.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Guards every write before its body is read: passes it on, or refuses it with 401 or 403. It is a
 * {@link SecurityPolicyHandler} because the router puts those before all others. When a request is
 * refused while its body is still arriving, {@code Problems} closes the connection. Not
 * thread-safe: confined to one event loop.
 */
public final class AccessHandler implements SecurityPolicyHandler {

  /** RFC 6750, section 2.1; scheme names are case-insensitive (RFC 9110, section 11.1). */
  private static final Pattern BEARER =
      Pattern.compile("bearer +([A-Za-z0-9._~+/-]+=*)", Pattern.CASE_INSENSITIVE);

  private static final Pattern BEARER_SCHEME =
      Pattern.compile("bearer( .*)?", Pattern.CASE_INSENSITIVE);

  private static final CharSequence WWW_AUTHENTICATE =
      HttpHeaders.createOptimized("www-authenticate");

  private final WriteAccess access;
  private final Map<WriteAccess.Refusal, Counter> refused =
      new EnumMap<>(WriteAccess.Refusal.class);

  AccessHandler(WriteAccess access, MeterRegistry registry) {
    this.access = access;
    for (WriteAccess.Refusal refusal : WriteAccess.Refusal.values()) {
      refused.put(
          refusal,
          Counter.builder("canvas.writes.refused")
              .description(
                  "Writes refused because their credential is missing, invalid or insufficient")
              .tag("reason", refusal.reason())
              .register(registry));
    }
  }

  /**
   * Returns the handler that the settings ask for. The classes that verify tokens are loaded only
   * if tokens are configured.
   *
   * @throws IllegalArgumentException if the settings do not say who may write
   */
  public static SecurityPolicyHandler of(
      Vertx vertx, AccessSettings settings, MeterRegistry registry) {
    if (settings instanceof AccessSettings.Tokens tokens) {
      return new AccessHandler(new TokenAccess(vertx, tokens), registry);
    }
    if (settings instanceof AccessSettings.Keys keys) {
      return new AccessHandler(WriteAccess.byKey(keys), registry);
    }
    if (settings instanceof AccessSettings.Open) {
      return RoutingContext::next;
    }
    throw new IllegalArgumentException(
        "The settings do not say who may write: expected auth.mode keys, jwt or none");
  }

  @Override
  public void handle(RoutingContext context) {
    Optional<WriteAccess.Refusal> refusal = refusal(context.request());
    if (refusal.isEmpty()) {
      context.next();
    } else {
      refuse(context, refusal.get());
    }
  }

  private Optional<WriteAccess.Refusal> refusal(HttpServerRequest request) {
    List<String> headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (headers.stream().noneMatch(header -> BEARER_SCHEME.matcher(header).matches())) {
      return Optional.of(WriteAccess.Refusal.NO_CREDENTIAL);
    }
    Matcher bearer = BEARER.matcher(headers.get(0));
    return headers.size() == 1 && bearer.matches()
        ? access.refusal(bearer.group(1))
        : Optional.of(WriteAccess.Refusal.MALFORMED_CREDENTIAL);
  }

  private void refuse(RoutingContext context, WriteAccess.Refusal refusal) {
    refused.get(refusal).increment();
    context.response().putHeader(WWW_AUTHENTICATE, refusal.challenge());
    context.fail(refusal.toProblem());
  }
}
