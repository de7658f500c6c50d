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

/** Import of many products in one request, a line each. Belongs to one event loop. */
public final class BulkApi {

  static final CharSequence NDJSON = HttpHeaders.createOptimized("application/x-ndjson");

  /** The second is what some call it. */
  private static final List<String> TYPES = List.of("application/x-ndjson", "application/ndjson");

  private static final int MAX_STREAMS = 4;

  private final MediaService media;
  private final ProductReader reader;
  private final Duration patience;
  private final MeterRegistry registry;
  private final StreamLimit streams = new StreamLimit(MAX_STREAMS);
  private final Map<Integer, Counter> lines = new HashMap<>();

  /**
   * @param patience how long a client may stand still
   * @param registry counts the lines by the status of their answers
   */
  public BulkApi(
      MediaService media, ProductReader reader, Duration patience, MeterRegistry registry) {
    this.media = media;
    this.reader = reader;
    this.patience = patience;
    this.registry = registry;
  }

  public void install(Routes routes) {
    routes.resource("/api/media/bulk").write(HttpMethod.POST, this::take).complete();
  }

  private void take(RoutingContext context) {
    HttpServerRequest request = context.request();
    RequestBody.checkType(context, TYPES);
    RequestBody.checkCoding(context);
    if (request.headers().contains(HttpHeaders.IF_MATCH)
        || request.headers().contains(HttpHeaders.IF_NONE_MATCH)) {
      throw Problem.MALFORMED_REQUEST.because(
          "If-Match and If-None-Match are not for a bulk: expected 'if_version' in its lines");
    }
    streams.enter(context);
    RequestBody.invite(context);
    context
        .response()
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, NDJSON)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    StallWatch watch = new StallWatch(context.vertx(), patience);
    new BulkStream(context, media, reader, this::count, watch).begin();
  }

  private void count(int status) {
    lines.computeIfAbsent(status, this::counter).increment();
  }

  private Counter counter(int status) {
    return Counter.builder("canvas.bulk.lines")
        .description("Lines of bulk imports, by the status of their answers")
        .tag("status", Integer.toString(status))
        .register(registry);
  }
}
