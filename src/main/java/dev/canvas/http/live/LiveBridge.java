package dev.canvas.http.live;

import dev.canvas.http.access.CrossOrigin;
import dev.canvas.http.exchange.Problems;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes media changes to browsers over Vert.x's SockJS. A client may follow single products
 * ({@link LiveListener}) and may send nothing. Only WebSockets are enabled: the additional SockJS
 * transports would have to be guarded as well, and its iframe would load a script from another site
 * (ADR 0014, ADR 0020).
 *
 * <p>Not thread-safe: confined to one event loop.
 */
public final class LiveBridge {

  private static final Logger LOG = LoggerFactory.getLogger(LiveBridge.class);

  /** The maximum length of a client's message, in bytes; it needs about 100. */
  public static final int MAX_MESSAGE = 1_024;

  /** How many seconds a client has for the closing handshake. */
  public static final int CLOSING_TIMEOUT_SECONDS = 1;

  private static final String PATH = "/eventbus";

  /** Raw WebSockets, SockJS's WebSockets, and {@code /info}, which SockJS clients request first. */
  private static final Pattern ENABLED_PATHS =
      Pattern.compile("/eventbus/(?:info|websocket|[^/.]+/[^/.]+/websocket)");

  private static final String INFO = PATH + "/info";

  /** RFC 6455, section 4.1. */
  private static final String WEBSOCKET_VERSION = "13";

  /** Sixteen bytes in Base64. */
  private static final Pattern WEBSOCKET_KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  private static final String INFO_TYPE = "application/json; charset=UTF-8";

  private static final List<String> DISABLED_TRANSPORTS =
      List.of("XHR", "EVENT_SOURCE", "HTML_FILE", "JSON_P");

  /** How often stalled and idle sockets are closed. */
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final ChangeFeed feed;
  private final MediaService media;
  private final CrossOrigin crossOrigin;
  private final LiveSockets sockets;
  private final LiveMetrics metrics;

  /**
   * @param media reads the state that a client starts from
   */
  public LiveBridge(
      Vertx vertx,
      ChangeFeed feed,
      MediaService media,
      CrossOrigin crossOrigin,
      LiveSockets sockets,
      LiveMetrics metrics) {
    this.vertx = vertx;
    this.feed = feed;
    this.media = media;
    this.crossOrigin = crossOrigin;
    this.sockets = sockets;
    this.metrics = metrics;
  }

  /**
   * Adds the routes. Must be called on the event loop.
   *
   * @param addressPrefix the address of a product's changes, without its dot and product id
   */
  public void install(Router router, String addressPrefix) {
    SockJSHandlerOptions options = new SockJSHandlerOptions().setInsertJSESSIONID(false);
    DISABLED_TRANSPORTS.forEach(options::addDisabledTransport);
    SockJSHandler sockJs = SockJSHandler.create(vertx, options);
    router.route(PATH + "/*").handler((SecurityPolicyHandler) this::admit);
    router
        .route(PATH + "/*")
        .subRouter(sockJs.socketHandler(socket -> opened(socket, addressPrefix)));
    vertx.setPeriodic(CHECK_INTERVAL.toMillis(), check -> sockets.closeStalledAndIdle());
  }

  private void admit(RoutingContext context) {
    // SockJS itself tells the page's origin and that credentials are allowed, as its clients send
    // them.
    CrossOrigin.varyByOrigin(context.response());
    if (!ENABLED_PATHS.matcher(context.request().path()).matches()) {
      context.fail(Problems.noSuchResource(context));
    } else if (!crossOrigin.mayRead(context.request())) {
      metrics.refused(LiveMetrics.Refused.ORIGIN);
      context.fail(
          Problem.FORBIDDEN.because(
              "Pages of this origin may not follow changes: expected this site's own origin, or one"
                  + " of http.cors-origin and http.cors-write-origins"));
    } else if (!sockets.hasRoom()) {
      metrics.refused(LiveMetrics.Refused.FULL);
      context.fail(
          Problem.UNAVAILABLE.because(
              "The limit of open WebSockets (http.live-sockets) is reached"));
    } else if (context.request().path().equals(INFO)) {
      tell(context);
    } else {
      open(context);
    }
  }

  private static void tell(RoutingContext context) {
    if (context.request().method().equals(HttpMethod.HEAD)) {
      // SockJS knows GET alone.
      context.response().putHeader(HttpHeaders.CONTENT_TYPE, INFO_TYPE).end();
    } else {
      context.next();
    }
  }

  /** SockJS would answer what is no handshake without a problem document, or with 500. */
  private static void open(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!request.method().equals(HttpMethod.GET)) {
      context.response().putHeader(HttpHeaders.ALLOW, "GET");
      context.fail(
          Problem.METHOD_NOT_ALLOWED.because(
              "WebSockets are opened by GET, not by %s", request.method()));
    } else if (!isHandshake(request)) {
      context.response().putHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WEBSOCKET_VERSION);
      context.fail(
          Problem.MALFORMED_REQUEST.because(
              "Only WebSockets are opened here: expected a handshake of version %s over HTTP/1.1"
                  + " (RFC 6455)",
              WEBSOCKET_VERSION));
    } else {
      context.next();
    }
  }

  private static boolean isHandshake(HttpServerRequest request) {
    String key = request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    return request.version() == HttpVersion.HTTP_1_1
        && names(request, HttpHeaders.CONNECTION, "upgrade")
        && names(request, HttpHeaders.UPGRADE, "websocket")
        && WEBSOCKET_VERSION.equals(request.getHeader(HttpHeaderNames.SEC_WEBSOCKET_VERSION))
        && key != null
        && WEBSOCKET_KEY.matcher(key).matches();
  }

  private static boolean names(HttpServerRequest request, CharSequence header, String token) {
    return request.headers().getAll(header).stream()
        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(token));
  }

  private void opened(SockJSSocket socket, String addressPrefix) {
    LiveListener listener = new LiveListener(feed, media, metrics, socket, addressPrefix);
    if (sockets.add(listener)) {
      socket
          .handler(listener::receive)
          // The close handler follows and does the rest.
          .exceptionHandler(broken -> LOG.debug("The socket of a browser failed", broken))
          .closeHandler(closed -> sockets.remove(listener));
    }
  }
}
