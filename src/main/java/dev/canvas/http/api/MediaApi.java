package dev.canvas.http.api;

import dev.canvas.http.connection.AnswerMemory;
import dev.canvas.http.exchange.Query;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.RequestBody;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.AnswerSource;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaReader;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The media API under {@code /api/products}: its routes, and the reads. Thread-safe. */
public final class MediaApi {

  private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("cache-status");
  private static final Map<AnswerSource, CharSequence> CACHE_STATUSES = cacheStatuses();

  private static final Buffer FOUND = Buffer.buffer("{\"found\":[");
  private static final Buffer COMMA = Buffer.buffer(",");

  private final MediaService media;
  private final MediaWrites writes;
  private final CharSequence cacheControl;

  /**
   * @param reader reads the bodies of writes
   * @param cacheControl the Cache-Control of media documents
   */
  public MediaApi(MediaService media, MediaReader reader, String cacheControl) {
    this.media = media;
    this.writes = new MediaWrites(media, reader);
    this.cacheControl = HttpHeaders.createOptimized(cacheControl);
  }

  /** Adds the routes. The router tries them in this order, so the most frequent comes first. */
  public void install(Routes routes) {
    routes
        .resource("/api/products/:id/media")
        .read(this::get)
        .write(HttpMethod.PUT, MediaWrites.json(writes::replace))
        .write(HttpMethod.DELETE, writes::delete)
        .complete();
    routes.read("/api/products/media", this::batch);
    routes
        .resource("/api/products/:id/media/items")
        .write(HttpMethod.POST, MediaWrites.json(writes::add))
        .complete();
    routes
        .resource("/api/products/:id/media/items/:item")
        .write(
            HttpMethod.PATCH,
            new RequestBody(
                MediaWrites.BODY_LIMIT,
                List.of(RequestBody.MERGE_PATCH, RequestBody.JSON),
                writes::update))
        .write(HttpMethod.DELETE, writes::remove)
        .complete();
    routes
        .resource("/api/products/:id/media/order")
        .write(HttpMethod.PUT, MediaWrites.json(writes::order))
        .complete();
  }

  private void get(RoutingContext context) {
    ProductId productId = ProductId.parse(context.pathParam("id"));
    Reply.to(context, media.get(productId), lookup -> answer(context, lookup));
  }

  private void batch(RoutingContext context) {
    List<ProductId> productIds = productIds(context);
    AnswerMemory.of(context.request().connection())
        .reading(productIds.size())
        .onComplete(
            share ->
                media
                    .batch(productIds)
                    .compose(lookups -> answer(context, lookups))
                    .onFailure(context::fail)
                    .onComplete(begun -> share.release()),
            context::fail);
  }

  private void answer(RoutingContext context, Lookup lookup) {
    context.response().putHeader(CACHE_STATUS, CACHE_STATUSES.get(lookup.source()));
    ProductMedia found = lookup.required();
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, cacheControl);
    Reply.sendTagged(context, Reply.JSON, found.document(), Conditions.entityTag(found));
  }

  private Future<Void> answer(RoutingContext context, List<Lookup> lookups) {
    List<Buffer> parts = new ArrayList<>(2 * lookups.size() + 2);
    StringBuilder missing = new StringBuilder();
    JsonArray failed = new JsonArray();
    for (Lookup lookup : lookups) {
      if (lookup.media().isEmpty()) {
        missing.append(missing.isEmpty() ? "" : ",").append(lookup.productId());
      } else if (lookup.media().get().isReadable()) {
        parts.add(parts.isEmpty() ? FOUND : COMMA);
        parts.add(lookup.media().get().document());
      } else {
        failed.add(lookup.failure().orElseThrow());
      }
    }
    if (parts.isEmpty()) {
      parts.add(FOUND);
    }
    String failures = failed.isEmpty() ? "" : ",\"failed\":" + failed.encode();
    parts.add(Buffer.buffer("],\"missing\":[" + missing + "]" + failures + "}"));
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, cacheControl);
    return Reply.send(context, Reply.JSON, parts);
  }

  private static List<ProductId> productIds(RoutingContext context) {
    String ids = Query.required(context, "ids");
    List<ProductId> productIds =
        Arrays.stream(ids.split(",", -1)).map(ProductId::parse).distinct().toList();
    if (productIds.size() > MediaService.MAX_BATCH) {
      throw Problem.MALFORMED_REQUEST.because(
          "The query names %d products: expected 1 to %d",
          productIds.size(), MediaService.MAX_BATCH);
    }
    return productIds;
  }

  /** The values of Cache-Status (RFC 9211). */
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
