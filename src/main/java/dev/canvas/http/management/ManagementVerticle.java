package dev.canvas.http.management;

import dev.canvas.bus.Addresses;
import dev.canvas.bus.BusMediaService;
import dev.canvas.bus.VerticlesConsumer;
import dev.canvas.control.Verticles;
import dev.canvas.http.exchange.Problems;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The operator's port: health, readiness, metrics, how far a load is, and the verticles; these on
 * the event bus too. Deploy one.
 */
public final class ManagementVerticle extends VerticleBase {

  private static final CharSequence PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final ManagementSettings settings;
  private final Readiness readiness;
  private final PrometheusMeterRegistry registry;
  private final Verticles verticles;
  private MediaService media;
  private HttpServer server;

  /**
   * @param readiness what the process says of itself
   * @param registry what {@code /metrics} shows
   * @param verticles what {@code /verticles} lists and scales
   */
  public ManagementVerticle(
      ManagementSettings settings,
      Readiness readiness,
      PrometheusMeterRegistry registry,
      Verticles verticles) {
    this.settings = settings;
    this.readiness = readiness;
    this.registry = registry;
    this.verticles = verticles;
  }

  @Override
  public Future<?> start() {
    media = new BusMediaService(vertx);
    Router router = Router.router(vertx);
    new Problems().install(router);
    Routes routes = new Routes(router);
    routes.read("/health/live", this::live);
    routes.read("/health/ready", this::ready);
    routes.read("/metrics", this::metrics);
    routes.read("/seed", this::seed);
    new VerticlesApi(verticles).install(routes);
    server =
        vertx.createHttpServer(
            // HTTP/1 alone, as a request that is answered before its body is here ends its
            // connection.
            new HttpServerOptions().setIdleTimeout(60).setHttp2ClearTextEnabled(false));
    return new VerticlesConsumer(vertx, verticles)
        .register()
        .compose(
            registered ->
                server
                    .requestHandler(router)
                    .invalidRequestHandler(Problems::refuse)
                    .listen(settings.port(), settings.host()));
  }

  /** The port that was taken; known once started. */
  public int port() {
    return server.actualPort();
  }

  /** Asks nobody: a process is not to be killed for the sake of its database. */
  private void live(RoutingContext context) {
    Reply.send(context, Reply.JSON, new JsonObject().put("status", "UP").toBuffer());
  }

  /**
   * Ready means: some products at least can be read. With Postgres away and Redis there every
   * cached product still can, and a balancer that took all nodes out would make it worse.
   */
  private void ready(RoutingContext context) {
    Reply.to(
        context,
        media.tiers(),
        tiers -> {
          boolean up = readiness.phase() == Readiness.Phase.SERVING && tiers.canRead();
          context.response().setStatusCode(up ? 200 : 503);
          context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
          Reply.send(context, Reply.JSON, report(up, tiers).toBuffer());
        });
  }

  private JsonObject report(boolean up, MediaService.Tiers tiers) {
    return new JsonObject()
        .put("status", word(up))
        .put("phase", readiness.phase().name())
        .put("verticles", verticles.deployed().toJson())
        .put(
            "checks",
            new JsonArray()
                .add(new JsonObject().put("id", "cache").put("status", word(tiers.cache())))
                .add(new JsonObject().put("id", "store").put("status", word(tiers.store()))));
  }

  /** How far the last load is, whichever node it runs on. */
  private void seed(RoutingContext context) {
    Reply.to(
        context,
        vertx
            .eventBus()
            .<JsonObject>request(Addresses.SEED_STATUS, new JsonObject())
            .recover(failure -> Future.failedFuture(seedProblem((ReplyException) failure))),
        progress -> {
          context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
          Reply.send(context, Reply.JSON, progress.body().toBuffer());
        });
  }

  private static ProblemException seedProblem(ReplyException failure) {
    return failure.failureType() == ReplyFailure.NO_HANDLERS
        ? Problem.NO_SUCH_RESOURCE.because("No seeder runs here: only a store in Postgres has one")
        : ProblemException.fromJson(failure.getMessage());
  }

  private static String word(boolean up) {
    return up ? "UP" : "DOWN";
  }

  private void metrics(RoutingContext context) {
    // Rendering a few hundred series takes milliseconds, too long for an event loop.
    Reply.to(
        context,
        vertx.executeBlocking(() -> registry.scrape()),
        text -> Reply.send(context, PROMETHEUS, Buffer.buffer(text)));
  }
}
