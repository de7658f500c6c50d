package dev.canvas.http.bulk;

import dev.canvas.http.exchange.Query;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/** Exports all documents in the order of product ids, one per line. Confined to one event loop. */
public final class ExportApi {

  /** Each export holds memory for as long as its client takes. */
  private static final int MAX_STREAMS = 4;

  private final MediaService media;
  private final Duration stallTimeout;
  private final StreamLimit streams = new StreamLimit(MAX_STREAMS);

  /**
   * @param stallTimeout how long a client may make no progress
   */
  public ExportApi(MediaService media, Duration stallTimeout) {
    this.media = media;
    this.stallTimeout = stallTimeout;
  }

  /** Adds the route. */
  public void install(Routes routes) {
    routes.read("/api/media/export", this::export);
  }

  private void export(RoutingContext context) {
    Optional<ProductId> after = Query.optional(context, "after").map(ProductId::parse);
    HttpServerResponse response = context.response();
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, BulkApi.NDJSON)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (HttpMethod.HEAD.equals(context.request().method())) {
      response.end();
      return;
    }
    streams.acquire(context);
    response.setChunked(true);
    new ExportStream(context, media, new StallWatch(context.vertx(), stallTimeout))
        .start(after.map(ProductId::value).orElse(-1L));
  }
}
