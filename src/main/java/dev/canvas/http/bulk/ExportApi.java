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

/** All documents by their numbers, one a line. Belongs to one event loop. */
public final class ExportApi {

  private static final int MAX_STREAMS = 4;

  private final MediaService media;
  private final Duration patience;
  private final StreamLimit streams = new StreamLimit(MAX_STREAMS);

  /**
   * @param patience how long a client may stand still
   */
  public ExportApi(MediaService media, Duration patience) {
    this.media = media;
    this.patience = patience;
  }

  public void install(Routes routes) {
    routes.read("/api/media/export", this::send);
  }

  private void send(RoutingContext context) {
    Optional<ProductId> after = Query.atMostOnce(context, "after").map(ProductId::parse);
    HttpServerResponse response = context.response();
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, BulkApi.NDJSON)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (HttpMethod.HEAD.equals(context.request().method())) {
      response.end();
      return;
    }
    streams.enter(context);
    response.setChunked(true);
    new ExportStream(context, media, new StallWatch(context.vertx(), patience))
        .begin(after.map(ProductId::value).orElse(-1L));
  }
}
