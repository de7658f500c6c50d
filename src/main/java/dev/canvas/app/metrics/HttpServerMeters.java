package dev.canvas.app.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Counts HTTP requests by method, and responses by method, route and status, under Vert.x's metric
 * names. Connections are left to Vert.x. Thread-safe.
 *
 * @param <W> Vert.x's metric of a WebSocket
 * @param <S> Vert.x's metric of a connection
 */
final class HttpServerMeters<W, S> implements HttpServerMetrics<HttpServerMeters.Request, W, S> {

  private static final String PREFIX = "vertx.http.server.";

  /** Clients may send any text as the method; unknown methods share one meter. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private static final String OTHER = "other";

  /** The upper bounds of the buckets from which Prometheus computes percentiles. */
  private static final Duration[] BUCKETS =
      IntStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 3_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final HttpServerMetrics<?, W, S> connections;
  private final Map<String, RequestMeters> requests = new ConcurrentHashMap<>();
  private final Map<ResponseKey, ResponseMeters> responses = new ConcurrentHashMap<>();

  /** The state of one request. Belongs to the event loop of its connection. */
  static final class Request {
    private final String method;
    private final RequestMeters meters;
    private final long startNanos = System.nanoTime();
    private String route = "";
    private boolean halfEnded;

    private Request(String method, RequestMeters meters) {
      this.method = method;
      this.meters = meters;
    }
  }

  private record ResponseKey(String method, String route, int status) {}

  private record RequestMeters(LongAdder active, DistributionSummary bytes, Counter resets) {}

  private record ResponseMeters(Counter count, Timer time, DistributionSummary bytes) {}

  HttpServerMeters(MeterRegistry registry, HttpServerMetrics<?, W, S> connections) {
    this.registry = registry;
    this.connections = connections;
  }

  @Override
  public Request requestBegin(S connection, HttpRequest request) {
    String name = request.method().name();
    String method = METHODS.contains(name) ? name : OTHER;
    RequestMeters meters = requests.get(method);
    if (meters == null) {
      meters = requests.computeIfAbsent(method, this::requestMeters);
    }
    meters.active.increment();
    return new Request(method, meters);
  }

  @Override
  public void requestRouted(Request request, String route) {
    if (route != null) {
      request.route = request.route.isEmpty() ? route : request.route + ">" + route;
    }
  }

  @Override
  public void requestEnd(Request request, HttpRequest end, long bytesRead) {
    request.meters.bytes.record((double) bytesRead);
    endHalf(request);
  }

  @Override
  public void responseEnd(Request request, HttpResponse response, long bytesWritten) {
    ResponseKey key = new ResponseKey(request.method, request.route, response.statusCode());
    ResponseMeters meters = responses.get(key);
    if (meters == null) {
      meters = responses.computeIfAbsent(key, this::responseMeters);
    }
    meters.count.increment();
    meters.time.record(System.nanoTime() - request.startNanos, TimeUnit.NANOSECONDS);
    meters.bytes.record((double) bytesWritten);
    endHalf(request);
  }

  @Override
  public void requestReset(Request request) {
    request.meters.resets.increment();
    request.meters.active.decrement();
  }

  /** A request is active until both the request and the response have ended. */
  private static void endHalf(Request request) {
    if (request.halfEnded) {
      request.meters.active.decrement();
    }
    request.halfEnded = true;
  }

  private RequestMeters requestMeters(String method) {
    Tags tags = Tags.of("method", method);
    LongAdder active = new LongAdder();
    Gauge.builder(PREFIX + "active.requests", active, LongAdder::sum)
        .description("Number of requests being processed")
        .tags(tags)
        .register(registry);
    return new RequestMeters(
        active,
        DistributionSummary.builder(PREFIX + "request.bytes")
            .description("Size of requests in bytes")
            .tags(tags)
            .register(registry),
        Counter.builder(PREFIX + "request.resets")
            .description("Number of request resets")
            .tags(tags)
            .register(registry));
  }

  private ResponseMeters responseMeters(ResponseKey key) {
    Tags tags =
        Tags.of("method", key.method, "route", key.route, "code", Integer.toString(key.status));
    return new ResponseMeters(
        Counter.builder(PREFIX + "requests")
            .description("Number of processed requests")
            .tags(tags)
            .register(registry),
        Timer.builder(PREFIX + "response.time")
            .description("Request processing time")
            .serviceLevelObjectives(BUCKETS)
            .tags(tags)
            .register(registry),
        DistributionSummary.builder(PREFIX + "response.bytes")
            .description("Size of responses in bytes")
            .tags(tags)
            .register(registry));
  }

  @Override
  public S connected(SocketAddress remote, String name) {
    return connections.connected(remote, name);
  }

  @Override
  public void disconnected(S connection, SocketAddress remote) {
    connections.disconnected(connection, remote);
  }

  @Override
  public void bytesRead(S connection, SocketAddress remote, long bytes) {
    connections.bytesRead(connection, remote, bytes);
  }

  @Override
  public void bytesWritten(S connection, SocketAddress remote, long bytes) {
    connections.bytesWritten(connection, remote, bytes);
  }

  @Override
  public void exceptionOccurred(S connection, SocketAddress remote, Throwable failure) {
    connections.exceptionOccurred(connection, remote, failure);
  }
}
