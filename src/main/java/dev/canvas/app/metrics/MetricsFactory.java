package dev.canvas.app.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.ClientMetrics;
import io.vertx.core.spi.metrics.DatagramSocketMetrics;
import io.vertx.core.spi.metrics.EventBusMetrics;
import io.vertx.core.spi.metrics.HttpClientMetrics;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.TCPMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;

/**
 * Creates the metrics of Vert.x. Requests and messages are counted by meters that are looked up
 * once, because Vert.x's own implementation builds tags and queries the registry about nine times
 * per request; everything else is left to Vert.x. Thread-safe.
 */
public final class MetricsFactory implements VertxMetricsFactory {

  private final MeterRegistry registry;

  private MetricsFactory(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * A registry for Prometheus, without the misleading gauges of held connections.
   *
   * @param enabled whether it counts anything
   */
  public static PrometheusMeterRegistry newRegistry(boolean enabled) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry
        .config()
        .meterFilter(
            enabled ? MeterFilter.deny(MetricsFactory::isOfHeldConnection) : MeterFilter.deny());
    return registry;
  }

  /** Has the Vert.x that is built tell a registry its metrics. */
  public static void install(
      VertxBuilder builder, VertxOptions options, PrometheusMeterRegistry registry) {
    builder.withMetrics(new MetricsFactory(registry));
    options.setMetricsOptions(options());
  }

  private static MicrometerMetricsOptions options() {
    return new MicrometerMetricsOptions()
        .setEnabled(true)
        .setJvmMetricsEnabled(true)
        .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT)
        .addDisabledMetricsCategory(MetricsDomain.HTTP_CLIENT)
        .setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME));
  }

  @Override
  public VertxMetrics metrics(VertxOptions options) {
    VertxMetrics vertxMetrics = new MicrometerMetricsFactory(registry).metrics(options);
    return new Metrics(
        vertxMetrics,
        new EventBusMeters(registry),
        // Shared by all servers, as no label distinguishes them.
        new HttpServerMeters<>(
            registry, vertxMetrics.createHttpServerMetrics(new HttpServerOptions(), null)));
  }

  /**
   * Each held connection is a pool of one to its client. All pools register the same gauges, so
   * only the first would be shown; {@code canvas.tier.up} replaces them.
   */
  private static boolean isOfHeldConnection(Meter.Id meter) {
    String pool = meter.getTag(Label.POOL_TYPE.toString());
    return "sql".equals(pool)
        || "redis".equals(pool)
        || "http".equals(pool)
        || meter.getName().endsWith(".processing.pending");
  }

  private record Metrics(
      VertxMetrics vertxMetrics, EventBusMeters messages, HttpServerMeters<?, ?> requests)
      implements VertxMetrics {

    @Override
    public EventBusMetrics<?> createEventBusMetrics() {
      return messages;
    }

    @Override
    public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(
        HttpServerOptions options, SocketAddress local) {
      return requests;
    }

    @Override
    public ClientMetrics<?, ?, ?> createClientMetrics(
        SocketAddress remote, String type, String namespace) {
      return vertxMetrics.createClientMetrics(remote, type, namespace);
    }

    @Override
    public HttpClientMetrics<?, ?, ?> createHttpClientMetrics(HttpClientOptions options) {
      return vertxMetrics.createHttpClientMetrics(options);
    }

    @Override
    public TCPMetrics<?> createNetServerMetrics(NetServerOptions options, SocketAddress local) {
      return vertxMetrics.createNetServerMetrics(options, local);
    }

    @Override
    public TCPMetrics<?> createNetClientMetrics(NetClientOptions options) {
      return vertxMetrics.createNetClientMetrics(options);
    }

    @Override
    public DatagramSocketMetrics createDatagramSocketMetrics(DatagramSocketOptions options) {
      return vertxMetrics.createDatagramSocketMetrics(options);
    }

    @Override
    public PoolMetrics<?, ?> createPoolMetrics(String type, String name, int size) {
      return vertxMetrics.createPoolMetrics(type, name, size);
    }

    @Override
    public void vertxCreated(Vertx vertx) {
      vertxMetrics.vertxCreated(vertx);
    }

    @Override
    public boolean isMetricsEnabled() {
      return true;
    }

    @Override
    public void close() {
      vertxMetrics.close();
    }
  }
}
