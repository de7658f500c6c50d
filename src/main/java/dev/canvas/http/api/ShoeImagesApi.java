package dev.canvas.http.api;

import dev.canvas.http.exchange.Query;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.RequestBody;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.Change;
import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaService;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.SlotsReader;
import dev.canvas.media.Written;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.BiConsumer;

/** The API of the service that Canvas replaces: the images and videos of a shoe. Thread-safe. */
public final class ShoeImagesApi {

  private static final String PATH = "/api/images";

  private final MediaService media;
  private final SlotsReader slots;

  /**
   * @param slots reads the fields {@code img1} to {@code vid2}
   */
  public ShoeImagesApi(MediaService media, SlotsReader slots) {
    this.media = media;
    this.slots = slots;
  }

  /** Adds the routes. */
  public void install(Routes routes) {
    // Matches a trailing slash too; clients use both.
    routes
        .resource(PATH)
        .read(this::get)
        .write(HttpMethod.POST, fields(this::replace))
        .write(HttpMethod.PUT, fields(this::update))
        .write(HttpMethod.DELETE, fields(this::delete))
        .complete();
  }

  private RequestBody fields(BiConsumer<RoutingContext, ShoeFields> handler) {
    return new RequestBody(
        MediaWrites.BODY_LIMIT,
        List.of(RequestBody.FORM, RequestBody.JSON),
        (context, body) -> handler.accept(context, ShoeFields.read(context, body, slots)));
  }

  private void get(RoutingContext context) {
    ProductId shoeId = ProductId.parse(Query.required(context, SlotsReader.SHOE_ID));
    Reply.to(
        context,
        media.get(shoeId),
        lookup -> {
          List<MediaItem> items = lookup.required().items();
          String source = lookup.source().isCached() ? "cache" : "database";
          context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
          send(context, shoe(shoeId).put("source", source), items);
        });
  }

  private void replace(RoutingContext context, ShoeFields fields) {
    Precondition precondition = Conditions.ofCreatingWrite(context.request());
    write(context, slots.slots(fields.shoeId(), true, fields.others(), precondition), 201);
  }

  private void update(RoutingContext context, ShoeFields fields) {
    Precondition precondition = Conditions.ofWrite(context.request());
    write(context, slots.slots(fields.shoeId(), false, fields.others(), precondition), 200);
  }

  private void delete(RoutingContext context, ShoeFields fields) {
    if (!fields.others().isEmpty()) {
      throw Problem.INVALID_MEDIA.because("DELETE accepts no field other than 'shoe_id'");
    }
    write(context, new Change.Delete(fields.shoeId(), Conditions.ofWrite(context.request())), 200);
  }

  private void write(RoutingContext context, Change change, int status) {
    Reply.to(context, media.write(change), written -> answer(context, written, status));
  }

  private static void answer(RoutingContext context, Written written, int status) {
    HttpServerResponse response = context.response();
    response.setStatusCode(status).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (status == 201) {
      response.putHeader(HttpHeaders.LOCATION, PATH + "?shoe_id=" + written.productId());
    }
    JsonObject shoe = shoe(written.productId());
    if (written.media().isPresent()) {
      send(context, shoe, written.media().get().items());
    } else {
      Reply.send(context, Reply.JSON, shoe.toBuffer());
    }
  }

  private static JsonObject shoe(ProductId shoeId) {
    return new JsonObject().put("shoe_id", shoeId.value());
  }

  private static void send(RoutingContext context, JsonObject shoe, List<MediaItem> items) {
    shoe.put("data", urls(items, MediaItem.Type.IMAGE))
        .put("videos", urls(items, MediaItem.Type.VIDEO));
    Reply.send(context, Reply.JSON, shoe.toBuffer());
  }

  private static JsonArray urls(List<MediaItem> items, MediaItem.Type type) {
    return new JsonArray(
        items.stream().filter(item -> item.type() == type).map(MediaItem::url).toList());
  }
}
