package dev.canvas.app.server;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.doctor.OpenFiles;
import dev.canvas.app.metrics.MetricsFactory;
import dev.canvas.bus.ChangeEvents;
import dev.canvas.bus.Codecs;
import dev.canvas.control.Role;
import dev.canvas.control.Scaling;
import dev.canvas.data.DataNode;
import dev.canvas.http.HttpVerticle;
import dev.canvas.http.connection.ConnectionLimit;
import dev.canvas.http.management.ManagementVerticle;
import dev.canvas.http.management.Readiness;
import dev.canvas.seed.SeedVerticle;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The verticles of one process, from the first deployed to the last undeployed. Not thread-safe:
 * started by one thread and stopped by one.
 */
public final class Server {

  private static final Duration HTTP_END = Duration.ofMillis(1_500);

  /** How long an address may be kept, whatever the name server allows. */
  private static final int ADDRESS_SECONDS = 1;

  private final Configuration configuration;
  private final PrometheusMeterRegistry registry = registry();
  private final Readiness readiness = new Readiness();
  private final Vertx vertx;
  private final DataNode node;
  private final ConnectionLimit connections;
  private final Deployments deployments;
  private final ManagementVerticle management;
  private final AtomicReference<HttpVerticle> firstHttp = new AtomicReference<>();
  private volatile String relay;
  private volatile int httpPort;

  public Server(Configuration configuration) {
    this.configuration = configuration;
    this.vertx = vertx(registry);
    Codecs.register(vertx.eventBus());
    this.node = new DataNode(configuration.data(), configuration.http().rules(), registry);
    int most = configuration.http().connections();
    this.connections =
        new ConnectionLimit(most == 0 ? OpenFiles.now().connections() : most, registry);
    this.deployments =
        new Deployments(
            vertx,
            registry,
            Map.of(Role.HTTP, this::http, Role.DATA, this::data),
            Backend.of(configuration).capacity());
    this.management =
        new ManagementVerticle(configuration.management(), readiness, registry, deployments);
  }

  /**
   * Deploys the relay and the data side, the seeder, then the management port, then HTTP; all or
   * the future fails.
   */
  public Future<Void> start() {
    return new ChangeEvents(vertx)
        .fanOut()
        .compose(fansOut -> vertx.deployVerticle(node.relay()))
        .onSuccess(deployed -> relay = deployed)
        .compose(relays -> deployments.start(new Scaling(Role.DATA, configuration.dataInstances())))
        .compose(
            data -> vertx.deployVerticle(new SeedVerticle(SeedWiring.of(vertx, configuration))))
        .compose(seeds -> vertx.deployVerticle(management))
        .compose(
            managed -> deployments.start(new Scaling(Role.HTTP, configuration.httpInstances())))
        .onSuccess(http -> httpPort = firstHttp.get().port())
        .onSuccess(http -> readiness.enter(Readiness.Phase.SERVING))
        .mapEmpty();
  }

  /** Takes no new requests, answers those under way, and ends everything. */
  public Future<Void> stop() {
    readiness.enter(Readiness.Phase.DRAINING);
    return deployments
        .end(Role.HTTP)
        // Whoever is still loading then is cut off: the process is to end.
        .timeout(HTTP_END.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        .compose(http -> deployments.end(Role.DATA))
        // By itself, as Vert.x would close its connections while it tells of the last changes.
        .compose(data -> relay == null ? Future.succeededFuture() : vertx.undeploy(relay))
        .eventually(vertx::close);
  }

  public int httpPort() {
    return httpPort;
  }

  public int managementPort() {
    return management.port();
  }

  public Vertx vertx() {
    return vertx;
  }

  private HttpVerticle http(int number) {
    HttpVerticle http = new HttpVerticle(configuration.http(), connections, registry);
    firstHttp.compareAndSet(null, http);
    return http;
  }

  private VerticleBase data(int number) {
    return node.data("data-" + number);
  }

  private static PrometheusMeterRegistry registry() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(MeterFilter.deny(Server::isOfHeldConnection));
    return registry;
  }

  /**
   * Each held connection is a pool of one to its client, and registers the same gauges as the
   * others: all but the first would be lost. {@code canvas.tier.up} tells of them instead.
   */
  private static boolean isOfHeldConnection(Meter.Id meter) {
    String pool = meter.getTag(Label.POOL_TYPE.toString());
    return "sql".equals(pool)
        || "redis".equals(pool)
        || "http".equals(pool)
        || meter.getName().endsWith(".processing.pending");
  }

  private static Vertx vertx(PrometheusMeterRegistry registry) {
    return Vertx.builder()
        .with(
            new VertxOptions()
                // Where there is one: epoll on Linux.
                .setPreferNativeTransport(true)
                // As many loops as cores: then an HTTP verticle and a data verticle share each.
                .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
                // A server that comes back may have another address, as Docker gives the next free.
                .setAddressResolverOptions(
                    new AddressResolverOptions()
                        .setCacheMaxTimeToLive(ADDRESS_SECONDS)
                        .setCacheNegativeTimeToLive(0))
                .setMetricsOptions(
                    new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setJvmMetricsEnabled(true)
                        .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT)
                        .addDisabledMetricsCategory(MetricsDomain.HTTP_CLIENT)
                        .setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME))))
        .withMetrics(new MetricsFactory(registry))
        .build();
  }
}
