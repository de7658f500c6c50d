package dev.canvas.http;

import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import io.vertx.ext.web.handler.sockjs.BridgeEvent;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells browsers of changed media: Vert.x's SockJS bridge to the event bus, of which a client may
 * hear the changes of single products and to which it may send nothing. WebSockets alone: SockJS's
 * other transports would be more doors to the same room, and its frame would load a script from
 * elsewhere. What is decided of it is in {@code docs/adr/0014-the-gallery.md}.
 *
 * <p>Belongs to one event loop.
 */
final class LiveBridge {

  /** The longest message that a client may send; those that it needs are of 100 bytes. */
  static final int MAX_MESSAGE = 1_024;

  /** Seconds that a client may take to say good bye, after which it is cut off. */
  static final int CLOSING = 1;

  /** How many products a socket may hear of. */
  static final int MAX_PRODUCTS = 100;

  private static final String PATH = "/eventbus";

  /** Raw, and in SockJS's own frames; both after {@code /info}, which its clients ask first. */
  private static final Pattern DOORS =
      Pattern.compile("/eventbus/(?:info|websocket|[^/.]+/[^/.]+/websocket)");

  private static final List<String> OTHER_TRANSPORTS =
      List.of("XHR", "EVENT_SOURCE", "HTML_FILE", "JSON_P");

  /** A client says something every 25 seconds, or is gone. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** How often sockets are looked for whose clients do not read. */
  private static final Duration ROUND = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final MediaService media;
  private final CrossOrigin crossOrigin;
  private final LiveSockets sockets;
  private final LiveMetrics metrics;

  /**
   * @param media tells of the state that a client begins with
   */
  LiveBridge(
      Vertx vertx,
      MediaService media,
      CrossOrigin crossOrigin,
      LiveSockets sockets,
      LiveMetrics metrics) {
    this.vertx = vertx;
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
  void install(Router router, String changes) {
    String ofProduct = Pattern.quote(changes) + "\\.(?:0|[1-9]\\d{0,15})";
    SockJSHandlerOptions doors = new SockJSHandlerOptions().setInsertJSESSIONID(false);
    OTHER_TRANSPORTS.forEach(doors::addDisabledTransport);
    SockJSBridgeOptions rules =
        new SockJSBridgeOptions()
            .addOutboundPermitted(new PermittedOptions().setAddressRegex(ofProduct))
            .setMaxAddressLength(changes.length() + 17)
            .setMaxHandlersPerSocket(MAX_PRODUCTS)
            .setPingTimeout(SILENCE.toMillis());
    router.get(PATH + "/info").handler(crossOrigin.reading());
    router.route(PATH + "/*").handler((SecurityPolicyHandler) this::admit);
    router
        .route(PATH + "/*")
        .subRouter(SockJSHandler.create(vertx, doors).bridge(rules, this::happened));
    vertx.setPeriodic(ROUND.toMillis(), round -> sockets.sendAwayThoseThatDoNotRead());
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

  private void happened(BridgeEvent event) {
    switch (event.type()) {
      case SOCKET_CREATED -> event.complete(sockets.add(event.socket()));
      case SOCKET_CLOSED -> {
        sockets.remove(event.socket());
        event.complete(true);
      }
      case REGISTERED -> {
        event.complete(true);
        begin(event.socket(), event.getRawMessage().getString("address"));
      }
      case RECEIVE -> {
        metrics.told();
        event.complete(true);
      }
      case SEND, PUBLISH -> {
        metrics.refused(LiveMetrics.Refused.COMMAND);
        event.complete(false);
      }
      default -> event.complete(true);
    }
  }

  /**
   * Tells a client of the product's state as if it had just changed: what it shows may be of before
   * it listened. A store that is away tells nothing.
   */
  private void begin(SockJSSocket socket, String address) {
    Future.succeededFuture(address.substring(address.lastIndexOf('.') + 1))
        .map(ProductId::parse)
        .compose(media::get)
        .map(lookup -> frame(address, lookup))
        .onSuccess(socket::write);
  }

  private static Buffer frame(String address, Lookup lookup) {
    JsonObject change =
        new JsonObject()
            .put("product_id", lookup.productId().value())
            .put("version", lookup.media().map(ProductMedia::version).orElse(0L))
            .put("change", lookup.media().isPresent() ? "put" : "delete");
    return new JsonObject()
        .put("type", "rec")
        .put("address", address)
        .put("body", change)
        .toBuffer();
  }
}
