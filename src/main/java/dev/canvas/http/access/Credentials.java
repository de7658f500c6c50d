package dev.canvas.http.access;

import dev.canvas.http.connection.CounterByReason;
import dev.canvas.media.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides by its {@code Authorization} whether a request may write, and counts those that may not.
 * The same for all protocols. Not thread-safe: confined to one event loop.
 */
public final class Credentials {

  /** RFC 6750, section 2.1; scheme names are case-insensitive (RFC 9110, section 11.1). */
  private static final Pattern BEARER =
      Pattern.compile("bearer +([A-Za-z0-9._~+/-]+=*)", Pattern.CASE_INSENSITIVE);

  private static final Pattern BEARER_SCHEME =
      Pattern.compile("bearer( .*)?", Pattern.CASE_INSENSITIVE);

  private final WriteAccess access;
  private final CounterByReason<WriteAccess.Refusal> refused;

  Credentials(WriteAccess access, MeterRegistry registry) {
    this.access = access;
    this.refused =
        new CounterByReason<>(
            "canvas.writes.refused",
            "Writes refused because their credential is missing, invalid or insufficient",
            WriteAccess.Refusal.class,
            registry);
  }

  /**
   * Returns what the settings ask for.
   *
   * @param settings asked for each credential, as its keys may change
   * @throws IllegalArgumentException if the settings ask for no credentials
   */
  public static Credentials of(
      Vertx vertx, Supplier<AccessSettings> settings, MeterRegistry registry) {
    return new Credentials(new RenewedAccess(vertx, settings), registry);
  }

  /**
   * Why a message may not write; empty if it may.
   *
   * @param authorization its header; empty if it has none
   */
  public Optional<ProblemException> refusal(Optional<String> authorization) {
    return check(authorization.stream().toList()).map(WriteAccess.Refusal::toProblem);
  }

  Optional<WriteAccess.Refusal> check(List<String> headers) {
    Optional<WriteAccess.Refusal> refusal = judge(headers);
    refusal.ifPresent(reason -> refused.count(reason));
    return refusal;
  }

  private Optional<WriteAccess.Refusal> judge(List<String> headers) {
    if (headers.stream().noneMatch(header -> BEARER_SCHEME.matcher(header).matches())) {
      return Optional.of(WriteAccess.Refusal.NO_CREDENTIAL);
    }
    Matcher bearer = BEARER.matcher(headers.get(0));
    return headers.size() == 1 && bearer.matches()
        ? access.refusal(bearer.group(1))
        : Optional.of(WriteAccess.Refusal.MALFORMED_CREDENTIAL);
  }
}
