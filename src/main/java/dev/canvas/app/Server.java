package dev.canvas.app;

import dev.canvas.bus.Codecs;
import dev.canvas.data.DataVerticle;
import dev.canvas.http.HttpVerticle;
import dev.canvas.http.ManagementVerticle;
import dev.canvas.http.Readiness;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The verticles of one process, from the first deployed to the last undeployed. Not thread-safe:
 * started by one thread and stopped by one.
 */
final class Server {

  private final Configuration configuration;
  private final PrometheusMeterRegistry registry = registry();
  private final Readiness readiness = new Readiness();
  private final Vertx vertx;
  private final Deque<String> deployments = new ArrayDeque<>();
  private volatile int httpPort;
  private volatile int managementPort;

  Server(Configuration configuration) {
    this.configuration = configuration;
    this.vertx = vertx(registry);
    Codecs.register(vertx.eventBus());
  }

  /** Deploys the data side, then the management port, then HTTP; all or the future fails. */
  Future<Void> start() {
    return deployData()
        .compose(done -> deployManagement())
        .compose(done -> deployHttp())
        .onSuccess(done -> readiness.enter(Readiness.Phase.SERVING));
  }

  /** Takes no new requests, answers those under way, and ends everything. */
  Future<Void> stop() {
    readiness.enter(Readiness.Phase.DRAINING);
    Future<Void> undeployed = Future.succeededFuture();
    while (!deployments.isEmpty()) {
      String last = deployments.pop();
      undeployed = undeployed.compose(done -> vertx.undeploy(last)).otherwiseEmpty();
    }
    return undeployed.eventually(vertx::close);
  }

  int httpPort() {
    return httpPort;
  }

  int managementPort() {
    return managementPort;
  }

  Vertx vertx() {
    return vertx;
  }

  private Future<Void> deployData() {
    AtomicInteger number = new AtomicInteger();
    return vertx
        .deployVerticle(
            () ->
                new DataVerticle(
                    "data-" + number.getAndIncrement(), configuration.data(), registry),
            new DeploymentOptions().setInstances(configuration.dataInstances()))
        .onSuccess(deployments::push)
        .mapEmpty();
  }

  private Future<Void> deployManagement() {
    ManagementVerticle management =
        new ManagementVerticle(configuration.management(), readiness, registry);
    return vertx
        .deployVerticle(management)
        .onSuccess(deployments::push)
        .onSuccess(id -> managementPort = management.port())
        .mapEmpty();
  }

  private Future<Void> deployHttp() {
    Queue<HttpVerticle> deployed = new ConcurrentLinkedQueue<>();
    return vertx
        .deployVerticle(
            () -> {
              HttpVerticle http = new HttpVerticle(configuration.http());
              deployed.add(http);
              return http;
            },
            new DeploymentOptions().setInstances(configuration.httpInstances()))
        .onSuccess(deployments::push)
        .onSuccess(id -> httpPort = deployed.element().port())
        .mapEmpty();
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
        || meter.getName().endsWith(".processing.pending");
  }

  private static Vertx vertx(PrometheusMeterRegistry registry) {
    return Vertx.builder()
        .with(
            new VertxOptions()
                // As many loops as cores: then an HTTP verticle and a data verticle share each.
                .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
                .setMetricsOptions(
                    new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setJvmMetricsEnabled(true)
                        .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT)
                        .setLabels(
                            EnumSet.of(
                                Label.HTTP_ROUTE,
                                Label.HTTP_METHOD,
                                Label.HTTP_CODE,
                                Label.EB_ADDRESS,
                                Label.POOL_TYPE,
                                Label.POOL_NAME))))
        .withMetrics(new MicrometerMetricsFactory(registry))
        .build();
  }
}
