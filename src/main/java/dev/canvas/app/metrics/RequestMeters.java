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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The meters of HTTP requests, under the names that Vert.x gives them: by method, and their answers
 * by route and status too. Connections are counted by Vert.x itself. Thread-safe.
 *
 * @param <W> Vert.x's metric of a WebSocket
 * @param <S> Vert.x's metric of a connection
 */
final class RequestMeters<W, S> implements HttpServerMetrics<RequestMeters.Request, W, S> {

  private static final String PREFIX = "vertx.http.server.";

  /** Any other word may be sent as a method, and must not become a meter of its own. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private static final String OTHERS = "other";

  private final MeterRegistry registry;
  private final HttpServerMetrics<?, W, S> connections;
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();
  private final Map<Kind, Answered> answered = new ConcurrentHashMap<>();

  /** One request. Belongs to the event loop of its connection. */
  static final class Request {
    private final String method;
    private final Asked meters;
    private final long began = System.nanoTime();
    private String route = "";
    private boolean halfDone;

    private Request(String method, Asked meters) {
      this.method = method;
      this.meters = meters;
    }
  }

  private record Kind(String method, String route, int status) {}

  private record Asked(LongAdder active, DistributionSummary bytes, Counter resets) {}

  private record Answered(Counter count, Timer time, DistributionSummary bytes) {}

  RequestMeters(MeterRegistry registry, HttpServerMetrics<?, W, S> connections) {
    this.registry = registry;
    this.connections = connections;
  }

  @Override
  public Request requestBegin(S connection, HttpRequest request) {
    String name = request.method().name();
    String method = METHODS.contains(name) ? name : OTHERS;
    Asked meters = asked.get(method);
    if (meters == null) {
      meters = asked.computeIfAbsent(method, this::asked);
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
    Kind kind = new Kind(request.method, request.route, response.statusCode());
    Answered meters = answered.get(kind);
    if (meters == null) {
      meters = answered.computeIfAbsent(kind, this::answered);
    }
    meters.count.increment();
    meters.time.record(System.nanoTime() - request.began, TimeUnit.NANOSECONDS);
    meters.bytes.record((double) bytesWritten);
    endHalf(request);
  }

  @Override
  public void requestReset(Request request) {
    request.meters.resets.increment();
    request.meters.active.decrement();
  }

  /** A request is active until it is read and answered, whichever is later. */
  private static void endHalf(Request request) {
    if (request.halfDone) {
      request.meters.active.decrement();
    }
    request.halfDone = true;
  }

  private Asked asked(String method) {
    Tags tags = Tags.of("method", method);
    LongAdder active = new LongAdder();
    Gauge.builder(PREFIX + "active.requests", active, LongAdder::sum)
        .description("Number of requests being processed")
        .tags(tags)
        .register(registry);
    return new Asked(
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

  private Answered answered(Kind kind) {
    Tags tags =
        Tags.of("method", kind.method, "route", kind.route, "code", Integer.toString(kind.status));
    return new Answered(
        Counter.builder(PREFIX + "requests")
            .description("Number of processed requests")
            .tags(tags)
            .register(registry),
        Timer.builder(PREFIX + "response.time")
            .description("Request processing time")
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
