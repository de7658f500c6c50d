package dev.canvas.app.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
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
import io.vertx.micrometer.MicrometerMetricsFactory;

/**
 * The metrics of Vert.x by Micrometer, but those of every request and message are kept in meters
 * that are looked up once: Vert.x's own builds tags and asks the registry some nine times a
 * request. Thread-safe.
 */
public final class MetricsFactory implements VertxMetricsFactory {

  private final MeterRegistry registry;

  public MetricsFactory(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public VertxMetrics metrics(VertxOptions options) {
    VertxMetrics rest = new MicrometerMetricsFactory(registry).metrics(options);
    return new Metrics(
        rest,
        new MessageMeters(registry),
        // One for all servers, as none of them is told apart by a label.
        new RequestMeters<>(registry, rest.createHttpServerMetrics(new HttpServerOptions(), null)));
  }

  private record Metrics(VertxMetrics rest, MessageMeters messages, RequestMeters<?, ?> requests)
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
      return rest.createClientMetrics(remote, type, namespace);
    }

    @Override
    public HttpClientMetrics<?, ?, ?> createHttpClientMetrics(HttpClientOptions options) {
      return rest.createHttpClientMetrics(options);
    }

    @Override
    public TCPMetrics<?> createNetServerMetrics(NetServerOptions options, SocketAddress local) {
      return rest.createNetServerMetrics(options, local);
    }

    @Override
    public TCPMetrics<?> createNetClientMetrics(NetClientOptions options) {
      return rest.createNetClientMetrics(options);
    }

    @Override
    public DatagramSocketMetrics createDatagramSocketMetrics(DatagramSocketOptions options) {
      return rest.createDatagramSocketMetrics(options);
    }

    @Override
    public PoolMetrics<?, ?> createPoolMetrics(String type, String name, int size) {
      return rest.createPoolMetrics(type, name, size);
    }

    @Override
    public void vertxCreated(Vertx vertx) {
      rest.vertxCreated(vertx);
    }

    @Override
    public boolean isMetricsEnabled() {
      return true;
    }

    @Override
    public void close() {
      rest.close();
    }
  }
}
