package dev.canvas.http.live;

import dev.canvas.http.access.CrossOrigin;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells browsers of changed media, over Vert.x's SockJS: a client may hear the changes of single
 * products ({@link LiveListener}) and may send nothing. WebSockets alone: SockJS's other transports
 * would be more doors to the same room, and its frame would load a script from elsewhere. What is
 * decided of it is in {@code docs/adr/0014-the-gallery-element.md} and {@code 0020}.
 *
 * <p>Belongs to one event loop.
 */
public final class LiveBridge {

  private static final Logger LOG = LoggerFactory.getLogger(LiveBridge.class);

  /** The longest message that a client may send; those that it needs are of 100 bytes. */
  public static final int MAX_MESSAGE = 1_024;

  /** Seconds that a client may take to say good bye, after which it is cut off. */
  public static final int CLOSING = 1;

  private static final String PATH = "/eventbus";

  /** Raw, and in SockJS's own frames; both after {@code /info}, which its clients ask first. */
  private static final Pattern DOORS =
      Pattern.compile("/eventbus/(?:info|websocket|[^/.]+/[^/.]+/websocket)");

  private static final List<String> OTHER_TRANSPORTS =
      List.of("XHR", "EVENT_SOURCE", "HTML_FILE", "JSON_P");

  /** How often sockets are looked for whose clients do not read, or say nothing any more. */
  private static final Duration ROUND = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final ChangeFeed feed;
  private final MediaService media;
  private final CrossOrigin crossOrigin;
  private final LiveSockets sockets;
  private final LiveMetrics metrics;

  /**
   * @param media tells of the state that a client begins with
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
   * Opens it. To be called on the event loop.
   *
   * @param changes the address that those of single products begin with
   */
  public void install(Router router, String changes) {
    SockJSHandlerOptions doors = new SockJSHandlerOptions().setInsertJSESSIONID(false);
    OTHER_TRANSPORTS.forEach(doors::addDisabledTransport);
    SockJSHandler sockJs = SockJSHandler.create(vertx, doors);
    router.get(PATH + "/info").handler(crossOrigin.reading());
    router.route(PATH + "/*").handler((SecurityPolicyHandler) this::admit);
    router.route(PATH + "/*").subRouter(sockJs.socketHandler(socket -> opened(socket, changes)));
    vertx.setPeriodic(ROUND.toMillis(), round -> sockets.sendAwayTheDeafAndTheSilent());
  }

  private void admit(RoutingContext context) {
    if (!DOORS.matcher(context.request().path()).matches()) {
      context.fail(
          Problem.NO_SUCH_RESOURCE.because("There is nothing at %s", context.request().path()));
    } else if (!crossOrigin.maySee(context.request())) {
      metrics.refused(LiveMetrics.Refused.ORIGIN);
      context.fail(
          Problem.FORBIDDEN.because(
              "Pages of this origin may not follow changes: expected http.cors-origin"));
    } else if (!sockets.hasRoom()) {
      metrics.refused(LiveMetrics.Refused.FULL);
      context.fail(Problem.UNAVAILABLE.because("There are as many listeners as may be"));
    } else {
      context.next();
    }
  }

  private void opened(SockJSSocket socket, String changes) {
    LiveListener listener = new LiveListener(feed, media, metrics, socket, changes);
    if (sockets.add(listener)) {
      socket
          .handler(listener::hear)
          // Its end is told to the other handler.
          .exceptionHandler(broken -> LOG.debug("A browser's socket broke", broken))
          .closeHandler(closed -> sockets.remove(listener));
    }
  }
}
