package dev.canvas.http.bulk;

import dev.canvas.http.exchange.RequestBody;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductReader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Imports many products in one request, one per line. Not thread-safe: confined to one event loop.
 */
public final class BulkApi {

  static final CharSequence NDJSON = HttpHeaders.createOptimized("application/x-ndjson");

  /** Neither is registered with IANA; clients use both. */
  private static final List<String> TYPES = List.of("application/x-ndjson", "application/ndjson");

  /** Each import holds memory for as long as its client takes. */
  private static final int MAX_STREAMS = 4;

  private final MediaService media;
  private final ProductReader reader;
  private final Duration stallTimeout;
  private final MeterRegistry registry;
  private final StreamLimit streams = new StreamLimit(MAX_STREAMS);
  private final Map<Integer, Counter> lines = new HashMap<>();

  /**
   * @param stallTimeout how long a client may make no progress
   * @param registry gets {@code canvas.bulk.lines}, by status
   */
  public BulkApi(
      MediaService media, ProductReader reader, Duration stallTimeout, MeterRegistry registry) {
    this.media = media;
    this.reader = reader;
    this.stallTimeout = stallTimeout;
    this.registry = registry;
  }

  /** Adds the route. */
  public void install(Routes routes) {
    routes.resource("/api/media/bulk").write(HttpMethod.POST, this::importLines).complete();
  }

  private void importLines(RoutingContext context) {
    HttpServerRequest request = context.request();
    RequestBody.checkType(context, TYPES);
    RequestBody.checkCoding(context);
    if (request.headers().contains(HttpHeaders.IF_MATCH)
        || request.headers().contains(HttpHeaders.IF_NONE_MATCH)) {
      throw Problem.MALFORMED_REQUEST.because(
          "A bulk import does not support If-Match or If-None-Match: use 'if_version' in its lines");
    }
    streams.acquire(context);
    RequestBody.sendContinue(context);
    context
        .response()
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, NDJSON)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    StallWatch watch = new StallWatch(context.vertx(), stallTimeout);
    new BulkStream(context, media, reader, this::count, watch).start();
  }

  private void count(int status) {
    lines.computeIfAbsent(status, this::counter).increment();
  }

  private Counter counter(int status) {
    return Counter.builder("canvas.bulk.lines")
        .description("Lines of bulk imports, by the status of their result")
        .tag("status", Integer.toString(status))
        .register(registry);
  }
}
