package dev.canvas.http;

import dev.canvas.bus.Addresses;
import dev.canvas.bus.BusMediaService;
import dev.canvas.bus.ChangeEvents;
import dev.canvas.http.access.AccessHandler;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.http.access.CrossOrigin;
import dev.canvas.http.api.MediaApi;
import dev.canvas.http.api.MediaWriteApi;
import dev.canvas.http.api.ShoeImagesApi;
import dev.canvas.http.bulk.BulkApi;
import dev.canvas.http.bulk.ExportApi;
import dev.canvas.http.connection.ConnectionLimit;
import dev.canvas.http.connection.Connections;
import dev.canvas.http.exchange.Guards;
import dev.canvas.http.exchange.Problems;
import dev.canvas.http.exchange.Routes;
import dev.canvas.http.live.ChangeFeed;
import dev.canvas.http.live.LiveBridge;
import dev.canvas.http.live.LiveMetrics;
import dev.canvas.http.live.LiveSockets;
import dev.canvas.http.page.Pages;
import dev.canvas.http.page.ProductTexts;
import dev.canvas.http.page.SampleFiles;
import dev.canvas.media.MediaReader;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductReader;
import dev.canvas.media.SlotsReader;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.List;

/** Serves the product pages' requests. Deploy as many as there are cores: they share the port. */
public final class HttpVerticle extends VerticleBase {

  /** Seconds after which a silent connection is closed. */
  private static final int IDLE_TIMEOUT = 60;

  /** How many connections may wait to be accepted, where the system allows as many. */
  private static final int BACKLOG = 2_048;

  /** To Vert.x 0 is another free port for each instance, and -1 the same for all. */
  private static final int ANY_SHARED_PORT = -1;

  /** The sample catalogue on the class path. */
  private static final String PRODUCTS = "seed/products.ndjson";

  private static final String SAMPLES = "seed/files";

  private final HttpSettings settings;
  private final ConnectionLimit limit;
  private final MeterRegistry registry;
  private final String products;
  private final String samples;
  private HttpServer server;
  private Connections connections;
  private LiveSockets live;

  /**
   * A verticle that asks for media over the event bus.
   *
   * @param limit the one of all HTTP verticles of the process
   * @param registry counts the writes that are refused
   */
  public HttpVerticle(HttpSettings settings, ConnectionLimit limit, MeterRegistry registry) {
    this(settings, limit, registry, PRODUCTS, SAMPLES);
  }

  /**
   * @param products the resource with the products' names and descriptions
   * @param samples the resource folder with the sample products' files
   */
  HttpVerticle(
      HttpSettings settings,
      ConnectionLimit limit,
      MeterRegistry registry,
      String products,
      String samples) {
    this.settings = settings;
    this.limit = limit;
    this.registry = registry;
    this.products = products;
    this.samples = samples;
  }

  @Override
  public Future<?> start() {
    MediaService media = new BusMediaService(vertx);
    Router router = Router.router(vertx);
    new Problems().install(router);
    boolean open = settings.access() instanceof AccessSettings.Open;
    var crossOrigin = new CrossOrigin(settings.corsOrigin(), settings.corsWriteOrigins(), open);
    Routes api = new Routes(router, guards(crossOrigin));
    MediaWriteApi writes = new MediaWriteApi(media, new MediaReader(settings.rules()));
    new MediaApi(media, writes, settings.cacheControl()).install(api);
    new BulkApi(media, new ProductReader(settings.rules()), settings.stallTimeout(), registry)
        .install(api);
    new ExportApi(media, settings.stallTimeout()).install(api);
    new ShoeImagesApi(media, new SlotsReader(settings.rules())).install(api);
    connections = new Connections(vertx, limit);
    installLive(router, media, crossOrigin);
    Routes site = new Routes(router);
    return installPages(site, media)
        .compose(pages -> installSamples(site))
        .compose(files -> listen(router));
  }

  /**
   * Takes no more connections, lets the clients of those that stand know, and ends when the last is
   * closed: within a second, or ten where a request under way takes longer.
   */
  @Override
  public Future<?> stop() {
    if (server == null) {
      return Future.succeededFuture();
    }
    live.leave();
    return connections.leave(server);
  }

  /** The port that was taken; known once started. */
  public int port() {
    return server.actualPort();
  }

  private Future<Void> installPages(Routes site, MediaService media) {
    return vertx
        .executeBlocking(
            () ->
                Pages.read(
                    media,
                    settings.rules(),
                    ProductTexts.read(products),
                    settings.access() instanceof AccessSettings.Open))
        .compose(
            pages -> {
              pages.install(site);
              return Future.succeededFuture();
            });
  }

  private Future<Void> installSamples(Routes site) {
    return SampleFiles.find(vertx.fileSystem(), samples)
        .compose(
            files -> {
              files.install(site);
              return Future.succeededFuture();
            });
  }

  private void installLive(Router router, MediaService media, CrossOrigin crossOrigin) {
    LiveMetrics metrics = new LiveMetrics(registry);
    live = new LiveSockets(connections, settings.liveSockets(), metrics);
    if (settings.liveSockets() > 0) {
      ChangeFeed feed = (productId, told) -> ChangeEvents.follow(vertx, productId, told);
      new LiveBridge(vertx, feed, media, crossOrigin, live, metrics)
          .install(router, Addresses.MEDIA_CHANGED);
    }
  }

  private Guards guards(CrossOrigin crossOrigin) {
    return new Guards(
        List.of(crossOrigin.reading()),
        List.of(crossOrigin.writing(), AccessHandler.of(vertx, settings.access(), registry)),
        crossOrigin::preflight);
  }

  private Future<HttpServer> listen(Router router) {
    int port = settings.port() == 0 ? ANY_SHARED_PORT : settings.port();
    server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setIdleTimeout(IDLE_TIMEOUT)
                // Their handlers would look at every message, and what is told is 100 bytes.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setWebSocketClosingTimeout(LiveBridge.CLOSING)
                .setMaxWebSocketFrameSize(LiveBridge.MAX_MESSAGE)
                .setMaxWebSocketMessageSize(LiveBridge.MAX_MESSAGE)
                .setHttp2ClearTextEnabled(false)
                .setTcpFastOpen(false)
                // Fewer where they would be more descriptors at once than there are.
                .setAcceptBacklog(Math.min(BACKLOG, limit.most())));
    return server
        .connectionHandler(connections::opened)
        .requestHandler(
            request -> {
              connections.asked(request);
              router.handle(request);
            })
        .invalidRequestHandler(Problems::refuse)
        .listen(port, settings.host());
  }
}
