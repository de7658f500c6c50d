package dev.canvas.http;

import dev.canvas.bus.BusMediaService;
import dev.canvas.bus.ChangeEvents;
import dev.canvas.bus.ModuleExchange;
import dev.canvas.client.Addresses;
import dev.canvas.http.access.AccessHandler;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.http.access.CrossOrigin;
import dev.canvas.http.api.ApiDescription;
import dev.canvas.http.api.MediaApi;
import dev.canvas.http.api.ShoeImagesApi;
import dev.canvas.http.bulk.BulkApi;
import dev.canvas.http.bulk.ExportApi;
import dev.canvas.http.connection.ConnectionLimit;
import dev.canvas.http.connection.Connections;
import dev.canvas.http.connection.ForwardedRequest;
import dev.canvas.http.connection.Listening;
import dev.canvas.http.exchange.AccessLog;
import dev.canvas.http.exchange.Problems;
import dev.canvas.http.exchange.RequestCheck;
import dev.canvas.http.exchange.Routes;
import dev.canvas.http.exchange.ServerTiming;
import dev.canvas.http.live.ChangeFeed;
import dev.canvas.http.live.LiveBridge;
import dev.canvas.http.live.LiveMetrics;
import dev.canvas.http.live.LiveSockets;
import dev.canvas.http.page.LoaderioFile;
import dev.canvas.http.page.PageFiles;
import dev.canvas.http.page.Pages;
import dev.canvas.http.page.PeerModules;
import dev.canvas.http.page.SampleFiles;
import dev.canvas.media.MediaReader;
import dev.canvas.media.MediaRules;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductReader;
import dev.canvas.media.SlotsReader;
import dev.canvas.trace.CallSpans;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Serves the HTTP API, the pages and the live updates. Deploy one instance per core; they share the
 * port.
 */
public final class HttpVerticle extends VerticleBase {

  /** The length of the accept queue; the kernel may allow less. */
  private static final int BACKLOG = 2_048;

  /** Vert.x takes port 0 as a separate free port per instance, and -1 as one that they share. */
  private static final int ANY_SHARED_PORT = -1;

  /** The class-path resource with the sample products' names and descriptions. */
  private static final String PRODUCTS = "seed/products.ndjson";

  /** The class-path folder of the sample products' files. */
  private static final String SAMPLES = "seed/files";

  private final HttpSettings settings;
  private final Supplier<AccessSettings> mayWrite;
  private final ConnectionLimit limit;
  private final MeterRegistry registry;
  private final CompletionStage<PageFiles> pages;
  private final String samples;
  private HttpServer server;
  private Connections connections;
  private LiveSockets liveSockets;

  /**
   * Creates a verticle that reads and writes media over the event bus.
   *
   * @param mayWrite who may write now; asked for each write
   * @param limit shared by all HTTP verticles of the process
   * @param registry gets the metrics of this verticle
   * @param pages shared by all HTTP verticles of the process
   */
  public HttpVerticle(
      HttpSettings settings,
      Supplier<AccessSettings> mayWrite,
      ConnectionLimit limit,
      MeterRegistry registry,
      CompletionStage<PageFiles> pages) {
    this(settings, mayWrite, limit, registry, pages, SAMPLES);
  }

  /**
   * @param samples the class-path folder of the sample products' files
   */
  HttpVerticle(
      HttpSettings settings,
      Supplier<AccessSettings> mayWrite,
      ConnectionLimit limit,
      MeterRegistry registry,
      CompletionStage<PageFiles> pages,
      String samples) {
    this.settings = settings;
    this.mayWrite = mayWrite;
    this.limit = limit;
    this.registry = registry;
    this.pages = pages;
    this.samples = samples;
  }

  /** Begins to read what the pages are made of. */
  public static CompletionStage<PageFiles> readPages(HttpSettings settings) {
    return readPages(settings, PRODUCTS);
  }

  /**
   * @param products the class-path resource with the products' names and descriptions
   */
  static CompletionStage<PageFiles> readPages(HttpSettings settings, String products) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return PageFiles.read(
                settings.rules(),
                products,
                settings.access() instanceof AccessSettings.Open,
                settings.operatorTools() == HttpSettings.OperatorTools.SHOWN);
          } catch (IOException incomplete) {
            throw new UncheckedIOException(incomplete);
          }
        });
  }

  @Override
  public Future<?> start() {
    MediaService media = new BusMediaService(vertx, registry);
    var crossOrigin =
        new CrossOrigin(settings.origins(), settings.access() instanceof AccessSettings.Open);
    Router router = Router.router(vertx);
    Problems.install(router);
    installObservers(router);
    Routes api = new Routes(router, guards(crossOrigin));
    installApi(api, media);
    installLive(router, media, crossOrigin);
    Routes site = new Routes(router);
    installLoaderio(site);
    new SampleFiles(samples).install(site);
    return installDescription(api)
        .compose(description -> installPages(router, site, media))
        .compose(installed -> listen(router));
  }

  /**
   * Stops gracefully: accepts no more connections, asks clients to reconnect, and completes when
   * the last connection is closed. That takes about a second, or up to ten while requests are in
   * flight.
   */
  @Override
  public Future<?> stop() {
    if (server == null) {
      return Future.succeededFuture();
    }
    liveSockets.drain();
    return connections.drain(server);
  }

  /** The port that the server listens on; known once started. */
  public int port() {
    return server.actualPort();
  }

  private void installObservers(Router router) {
    if (settings.accessLog()) {
      router.route().handler(new AccessLog());
    }
    if (CallSpans.of(vertx).isOn()) {
      router.route().handler(new ServerTiming());
    }
  }

  private Routes.Guards guards(CrossOrigin crossOrigin) {
    return new Routes.Guards(
        List.of(crossOrigin.reading()),
        List.of(crossOrigin.writing(), AccessHandler.of(vertx, mayWrite, registry)),
        crossOrigin::preflight);
  }

  private void installApi(Routes api, MediaService media) {
    MediaRules rules = settings.rules();
    Duration stallTimeout = settings.stallTimeout();
    new MediaApi(media, new MediaReader(rules), settings.cacheControl()).install(api);
    new BulkApi(media, new ProductReader(rules), stallTimeout, registry).install(api);
    new ExportApi(media, stallTimeout).install(api);
    new ShoeImagesApi(media, new SlotsReader(rules)).install(api);
  }

  private Future<Void> installDescription(Routes api) {
    return vertx
        .executeBlocking(ApiDescription::read)
        .map(
            description -> {
              description.install(api);
              return null;
            });
  }

  private void installLive(Router router, MediaService media, CrossOrigin crossOrigin) {
    connections = new Connections(vertx, limit, settings.proxies());
    LiveMetrics metrics = new LiveMetrics(registry);
    liveSockets = new LiveSockets(connections, settings.liveSockets(), metrics);
    if (settings.liveSockets() > 0) {
      ChangeFeed feed = (productId, listener) -> ChangeEvents.follow(vertx, productId, listener);
      new LiveBridge(vertx, feed, media, crossOrigin, liveSockets, metrics)
          .install(router, Addresses.MEDIA_CHANGED);
    }
  }

  private void installLoaderio(Routes site) {
    if (!settings.loaderioToken().isEmpty()) {
      new LoaderioFile(settings.loaderioToken()).install(site);
    }
  }

  private Future<Void> installPages(Router router, Routes site, MediaService media) {
    ModuleExchange exchange = new ModuleExchange(vertx);
    return Future.fromCompletionStage(pages, vertx.getOrCreateContext())
        .map(
            files -> {
              Pages made = new Pages(media, files);
              made.install(
                  site,
                  settings.origins().publicUrl(),
                  request -> ForwardedRequest.tellsHost(request, settings.proxies()),
                  new PeerModules(exchange::offer, exchange::find));
              made.installUnknown(router);
              return null;
            });
  }

  private Future<HttpServer> listen(Router router) {
    int port = settings.port() == 0 ? ANY_SHARED_PORT : settings.port();
    var check = new RequestCheck(router, settings.proxies());
    server = vertx.createHttpServer(serverOptions());
    server
        .connectionHandler(connections::opened)
        .requestHandler(
            request -> {
              connections.requested(request);
              check.handle(request);
            })
        .invalidRequestHandler(Problems::refuse);
    return Listening.named(
        server.listen(port, settings.host()), "http.port", settings.host(), settings.port());
  }

  private HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout((int) settings.connections().idleTimeout().toMillis())
        // Compression would add a handler to every message, and messages have 100 bytes.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setWebSocketClosingTimeout(LiveBridge.CLOSING_TIMEOUT_SECONDS)
        .setMaxWebSocketFrameSize(LiveBridge.MAX_MESSAGE)
        .setMaxWebSocketMessageSize(LiveBridge.MAX_MESSAGE)
        .setHttp2ClearTextEnabled(false)
        .setTcpFastOpen(false)
        // Each connection that waits holds a file descriptor once it is accepted.
        .setAcceptBacklog(Math.min(BACKLOG, limit.max()));
  }
}
