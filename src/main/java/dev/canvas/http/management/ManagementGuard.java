package dev.canvas.http.management;

import dev.canvas.http.access.AccessSettings;
import dev.canvas.http.exchange.Problems;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Keeps pages that an operator's browser shows away from the management port. The browser reaches
 * it although the page's site does not, and the site can point a name of its own to it (DNS
 * rebinding), so the name in Host decides. Also asks for the key, if there is one. Thread-safe.
 *
 * @param router the handler of what is passed on
 * @param key asked for each request, as it may change; empty for none
 */
record ManagementGuard(
    Handler<HttpServerRequest> router, ManagementSettings settings, Supplier<String> key)
    implements Handler<HttpServerRequest> {

  /** Addresses, and names that no public name server knows: localhost, and those without a dot. */
  private static final Pattern NO_PUBLIC_NAME =
      Pattern.compile("[\\d.]+|\\[[\\da-fA-F:.]+]|[^.]+|.+\\.localhost", Pattern.CASE_INSENSITIVE);

  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  /** Asked by supervisors and balancers, which have no key. */
  private static final String HEALTH = "/health/";

  private static final String BEARER = "bearer ";

  @Override
  public void handle(HttpServerRequest request) {
    ProblemException refusal = refusal(request);
    if (refusal == null) {
      router.handle(request);
    } else {
      if (refusal.problem() == Problem.UNAUTHENTICATED) {
        request.response().putHeader("WWW-Authenticate", "Bearer realm=\"canvas management\"");
      }
      Problems.refuse(request, refusal);
    }
  }

  /** Returns why a request is refused, or null. */
  private ProblemException refusal(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    // Only HTTP/1.0 has none, and no browser speaks that.
    if (authority != null && !isOwnName(authority.host())) {
      return Problem.FORBIDDEN.because(
          "The management port is not known as '%s': expected an address, a name without a dot or"
              + " one of management.hosts",
          authority.host());
    }
    if (!READING.contains(request.method()) && isFromAnotherSite(request, authority)) {
      return Problem.FORBIDDEN.because(
          "Pages of other sites may not change anything here: expected no Origin, or this one");
    }
    return needsKey(request.path()) ? keyRefusal(request) : null;
  }

  /** The page's files hold no data; what it shows it reads with the key that it asks for. */
  private static boolean needsKey(String path) {
    return !path.startsWith(HEALTH)
        && !path.equals(LivePage.PATH)
        && !path.startsWith(LivePage.FILES);
  }

  private boolean isOwnName(String host) {
    return NO_PUBLIC_NAME.matcher(host).matches()
        || host.equalsIgnoreCase(settings.host())
        || settings.hosts().contains(host.toLowerCase(Locale.ROOT));
  }

  private static boolean isFromAnotherSite(HttpServerRequest request, HostAndPort authority) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String site = request.getHeader("Sec-Fetch-Site");
    return (origin != null && !origin.equals("http://" + authority))
        || (site != null && !site.equals("same-origin") && !site.equals("none"));
  }

  /** Returns why a request is refused for its key, or null if it has the key or none is needed. */
  private ProblemException keyRefusal(HttpServerRequest request) {
    String expected = key.get();
    if (expected.isEmpty()) {
      return null;
    }
    String value = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (value == null || !value.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return Problem.UNAUTHENTICATED.because(
          "The management port needs its key (management.key): expected the header"
              + " 'Authorization: Bearer ...'");
    }
    // Hashes have one length, so the time of the comparison tells nothing.
    return MessageDigest.isEqual(hash(expected), hash(value.substring(BEARER.length()).strip()))
        ? null
        : Problem.UNAUTHENTICATED.because(
            "This is not the key of the management port: expected what management.key has on the"
                + " node that answers");
  }

  private static byte[] hash(String key) {
    return AccessSettings.Keys.hash(key).getBytes(StandardCharsets.US_ASCII);
  }
}
