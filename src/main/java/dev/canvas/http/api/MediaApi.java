package dev.canvas.http.api;

import dev.canvas.http.exchange.Gzip;
import dev.canvas.http.exchange.Query;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The API of the media: one product, and several. Thread-safe. */
public final class MediaApi {

  private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("cache-status");
  private static final Map<AnswerSource, CharSequence> CACHE_STATUSES = cacheStatuses();

  private final MediaService media;
  private final MediaWriteApi writes;
  private final CharSequence cacheControl;

  /**
   * @param writes adds the methods that write
   */
  public MediaApi(MediaService media, MediaWriteApi writes, String cacheControl) {
    this.media = media;
    this.writes = writes;
    this.cacheControl = HttpHeaders.createOptimized(cacheControl);
  }

  public void install(Routes routes) {
    // The router tries them in this order, and nearly all requests are of the first kind.
    writes.writing(routes.resource("/api/products/:id/media").read(this::get)).complete();
    routes.read("/api/products/media", this::batch);
    writes.install(routes);
  }

  private void get(RoutingContext context) {
    ProductId productId = ProductId.parse(context.pathParam("id"));
    Reply.to(context, media.get(productId), lookup -> answer(context, lookup));
  }

  private void batch(RoutingContext context) {
    List<ProductId> productIds = productIds(context);
    Reply.to(context, media.batch(productIds), lookups -> answer(context, lookups));
  }

  private void answer(RoutingContext context, Lookup lookup) {
    HttpServerResponse response = context.response();
    response.putHeader(CACHE_STATUS, CACHE_STATUSES.get(lookup.source()));
    ProductMedia found = lookup.required();
    boolean compressed = Gzip.suits(context, found.document());
    String tag = '"' + Long.toString(found.version()) + '"';
    // RFC 9110, section 8.8.1: a tag is weak where the bytes are not the same.
    response
        .putHeader(HttpHeaders.ETAG, compressed ? "W/" + tag : tag)
        .putHeader(HttpHeaders.CACHE_CONTROL, cacheControl);
    if (matches(context.request().getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
      Reply.vary(response).setStatusCode(304).end();
    } else {
      Reply.send(context, Reply.JSON, found.document(), compressed);
    }
  }

  private void answer(RoutingContext context, List<Lookup> lookups) {
    Buffer found = Buffer.buffer();
    StringBuilder missing = new StringBuilder();
    for (Lookup lookup : lookups) {
      if (lookup.media().isPresent()) {
        found.appendString(found.length() == 0 ? "" : ",");
        found.appendBuffer(lookup.media().get().document());
      } else {
        missing.append(missing.isEmpty() ? "" : ",").append(lookup.productId());
      }
    }
    Buffer body =
        Buffer.buffer(found.length() + missing.length() + 32)
            .appendString("{\"found\":[")
            .appendBuffer(found)
            .appendString("],\"missing\":[")
            .appendString(missing.toString())
            .appendString("]}");
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, cacheControl);
    Reply.send(context, Reply.JSON, body);
  }

  private static List<ProductId> productIds(RoutingContext context) {
    String ids = Query.once(context, "ids");
    List<ProductId> productIds =
        Arrays.stream(ids.split(",", -1)).map(ProductId::parse).distinct().toList();
    if (productIds.size() > MediaService.MAX_BATCH) {
      throw Problem.MALFORMED_REQUEST.because(
          "The query asks for %d products: expected 1 to %d",
          productIds.size(), MediaService.MAX_BATCH);
    }
    return productIds;
  }

  /**
   * Whether a tag is among those of an If-None-Match, by weak comparison (RFC 9110, section
   * 13.1.2). A tag with its quotes can stand nowhere else in that header, as a tag holds no quote.
   */
  private static boolean matches(String ifNoneMatch, String tag) {
    return ifNoneMatch != null && (ifNoneMatch.contains(tag) || ifNoneMatch.strip().equals("*"));
  }

  /** RFC 9211. */
  private static Map<AnswerSource, CharSequence> cacheStatuses() {
    Map<AnswerSource, CharSequence> statuses = new EnumMap<>(AnswerSource.class);
    for (AnswerSource source : AnswerSource.values()) {
      String how = source.isCached() ? "hit" : source.isBypass() ? "fwd=bypass" : "fwd=miss";
      statuses.put(
          source, HttpHeaders.createOptimized("canvas; " + how + "; detail=" + source.tier()));
    }
    return statuses;
  }
}
