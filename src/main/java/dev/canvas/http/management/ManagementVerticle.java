package dev.canvas.http.management;

import dev.canvas.bus.ControlConsumers;
import dev.canvas.client.Addresses;
import dev.canvas.control.Nodes;
import dev.canvas.control.Tiers;
import dev.canvas.control.Verticles;
import dev.canvas.http.connection.Listening;
import dev.canvas.http.connection.ProxySettings;
import dev.canvas.http.exchange.Problems;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.RequestCheck;
import dev.canvas.http.exchange.Routes;
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
import java.util.function.Supplier;

/**
 * Serves the operator's port: a live page, liveness, readiness, metrics, the progress of a load,
 * what the process is, and scaling of verticles, which it also offers on the event bus. Deploy one
 * instance per process.
 */
public final class ManagementVerticle extends VerticleBase {

  private static final CharSequence PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final ManagementSettings settings;
  private final Supplier<String> key;
  private final Readiness readiness;
  private final PrometheusMeterRegistry registry;
  private final Verticles verticles;
  private final Nodes nodes;
  private final Supplier<Tiers> tiers;
  private final Supplier<JsonObject> process;
  private HttpServer server;

  /**
   * @param key what clients need now, as {@link ManagementSettings#key}; asked for each request
   * @param readiness the phase of the process
   * @param registry the metrics that {@code /metrics} shows
   * @param verticles the verticles that {@code /verticles} lists and scales
   * @param nodes the nodes of the cluster, which {@code /cluster} lists
   * @param tiers the servers that can be reached; asked on this event loop, so it must not wait
   * @param process the ports and the stores of this process, which {@code /process} tells
   */
  public ManagementVerticle(
      ManagementSettings settings,
      Supplier<String> key,
      Readiness readiness,
      PrometheusMeterRegistry registry,
      Verticles verticles,
      Nodes nodes,
      Supplier<Tiers> tiers,
      Supplier<JsonObject> process) {
    this.settings = settings;
    this.key = key;
    this.readiness = readiness;
    this.registry = registry;
    this.verticles = verticles;
    this.nodes = nodes;
    this.tiers = tiers;
    this.process = process;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    Problems.install(router);
    Routes routes = new Routes(router);
    routes.read("/health/live", this::live);
    routes.read("/health/ready", this::ready);
    routes.read("/metrics", this::metrics);
    routes.read("/seed", this::seed);
    routes.read("/process", this::process);
    new VerticlesApi(verticles, nodes).install(routes);
    server =
        vertx.createHttpServer(
            // HTTP/1 only: a request that is answered before its body has arrived closes its
            // connection.
            new HttpServerOptions().setIdleTimeout(60).setHttp2ClearTextEnabled(false));
    return vertx
        .executeBlocking(LivePage::read)
        .onSuccess(page -> page.install(routes))
        .compose(page -> ControlConsumers.register(vertx, verticles, nodes))
        .compose(
            registered ->
                Listening.named(
                    server
                        .requestHandler(
                            new RequestCheck(
                                new ManagementGuard(router, settings, key), ProxySettings.NONE))
                        .invalidRequestHandler(Problems::refuse)
                        .listen(settings.port(), settings.host()),
                    "management.port",
                    settings.host(),
                    settings.port()));
  }

  /** The port that the server listens on; known once started. */
  public int port() {
    return server.actualPort();
  }

  /** Checks no other server: a process should not be restarted because its database is down. */
  private void live(RoutingContext context) {
    Reply.send(context, Reply.JSON, new JsonObject().put("status", "UP").toBuffer());
  }

  /**
   * Ready means that at least some products can be read. While Postgres is down and Redis is up,
   * cached products can be; a load balancer that took out every node would make things worse.
   */
  private void ready(RoutingContext context) {
    Tiers now = tiers.get();
    boolean up = readiness.phase() == Readiness.Phase.SERVING && now.canRead();
    context.response().setStatusCode(up ? 200 : 503);
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Reply.send(context, Reply.JSON, report(up, now).toBuffer());
  }

  /** What the doctor of this machine asks for. */
  private void process(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Reply.send(context, Reply.JSON, process.get().toBuffer());
  }

  private JsonObject report(boolean up, Tiers now) {
    return new JsonObject()
        .put("status", upOrDown(up))
        .put("phase", readiness.phase().name())
        .put("verticles", verticles.deployed().toJson())
        .put(
            "checks",
            new JsonArray()
                .add(check("cache", now.cache(), now.cacheTrouble()))
                .add(check("store", now.store(), now.storeTrouble())));
  }

  /** A server that answers, but not as it should, is degraded. */
  private static JsonObject check(String id, boolean up, String trouble) {
    JsonObject check = new JsonObject().put("id", id);
    return trouble == null
        ? check.put("status", upOrDown(up))
        : check.put("status", up ? "DEGRADED" : "DOWN").put("reason", trouble);
  }

  /** The progress of the latest load, on whichever node it runs. */
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
        ? Problem.NO_SUCH_RESOURCE.because(
            "No seeder is deployed: the service has one only if its store is Postgres")
        : ProblemException.fromJson(failure.getMessage());
  }

  private static String upOrDown(boolean up) {
    return up ? "UP" : "DOWN";
  }

  private void metrics(RoutingContext context) {
    // Rendering some hundred time series takes milliseconds, too long for an event loop.
    Reply.to(
        context,
        vertx.executeBlocking(() -> registry.scrape()),
        text -> Reply.send(context, PROMETHEUS, Buffer.buffer(text)));
  }
}
