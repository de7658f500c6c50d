package dev.canvas.http.api;

import dev.canvas.http.exchange.Query;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.RequestBody;
import dev.canvas.http.exchange.Resource;
import dev.canvas.http.exchange.Routes;
import dev.canvas.media.Change;
import dev.canvas.media.MediaReader;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import dev.canvas.media.Written;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** The write API of the media: the whole, one item, and the order of all. Thread-safe. */
public final class MediaWriteApi {

  /** The most bytes of a body. */
  static final int BODY_LIMIT = 256 * 1_024;

  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final Pattern POSITION = Pattern.compile("\\d{1,9}");

  private final MediaService media;
  private final MediaReader reader;

  public MediaWriteApi(MediaService media, MediaReader reader) {
    this.media = media;
    this.reader = reader;
  }

  /** Adds the methods that write to the resource of a product's media. */
  Resource writing(Resource resource) {
    return resource
        .write(HttpMethod.PUT, json(this::replace))
        .write(HttpMethod.DELETE, this::delete);
  }

  void install(Routes routes) {
    routes
        .resource("/api/products/:id/media/items")
        .write(HttpMethod.POST, json(this::add))
        .complete();
    routes
        .resource("/api/products/:id/media/items/:item")
        .write(
            HttpMethod.PATCH,
            new RequestBody(
                BODY_LIMIT, List.of(RequestBody.MERGE_PATCH, RequestBody.JSON), this::update))
        .write(HttpMethod.DELETE, this::remove)
        .complete();
    routes
        .resource("/api/products/:id/media/order")
        .write(HttpMethod.PUT, json(this::order))
        .complete();
  }

  private static RequestBody json(BiConsumer<RoutingContext, Buffer> handler) {
    return new RequestBody(BODY_LIMIT, List.of(RequestBody.JSON), handler);
  }

  private void replace(RoutingContext context, Buffer body) {
    Change change =
        new Change.Replace(
            productId(context), reader.media(body), Conditions.ofCreating(context.request()));
    Reply.to(
        context,
        media.write(change),
        written ->
            document(context, written, written.effect() == Written.Effect.CREATED ? 201 : 200));
  }

  private void add(RoutingContext context, Buffer body) {
    Change change =
        new Change.Add(
            productId(context),
            reader.item(body),
            position(context),
            Conditions.of(context.request()));
    Reply.to(
        context,
        media.write(change),
        written -> {
          context
              .response()
              .putHeader(
                  HttpHeaders.LOCATION, path(written) + "/items/" + written.itemId().orElseThrow());
          document(context, written, 201);
        });
  }

  private void update(RoutingContext context, Buffer body) {
    Change change =
        new Change.Update(
            productId(context),
            itemId(context),
            reader.patch(body),
            Conditions.of(context.request()));
    Reply.to(context, media.write(change), written -> document(context, written, 200));
  }

  private void remove(RoutingContext context) {
    Change change =
        new Change.Remove(productId(context), itemId(context), Conditions.of(context.request()));
    Reply.to(context, media.write(change), written -> nothing(context, written));
  }

  private void order(RoutingContext context, Buffer body) {
    Change change =
        new Change.Order(productId(context), reader.order(body), Conditions.of(context.request()));
    Reply.to(context, media.write(change), written -> document(context, written, 200));
  }

  private void delete(RoutingContext context) {
    Change change = new Change.Delete(productId(context), Conditions.of(context.request()));
    Reply.to(context, media.write(change), written -> nothing(context, written));
  }

  /**
   * The media afterwards. Not compressed, so that the tag is strong: the next If-Match needs it.
   */
  private static void document(RoutingContext context, Written written, int status) {
    ProductMedia after = written.media().orElseThrow();
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.ETAG, tag(after))
        .putHeader(HttpHeaders.CONTENT_LOCATION, path(written))
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    Reply.send(context, Reply.JSON, after.document(), false);
  }

  private static void nothing(RoutingContext context, Written written) {
    HttpServerResponse response = context.response().setStatusCode(204);
    written.media().ifPresent(after -> response.putHeader(HttpHeaders.ETAG, tag(after)));
    response.end();
  }

  private static String tag(ProductMedia media) {
    return '"' + Long.toString(media.version()) + '"';
  }

  private static String path(Written written) {
    return "/api/products/" + written.productId() + "/media";
  }

  private static ProductId productId(RoutingContext context) {
    return ProductId.parse(context.pathParam("id"));
  }

  private static long itemId(RoutingContext context) {
    String text = context.pathParam("item");
    try {
      long id = ProductId.parse(text).value();
      if (id > 0) {
        return id;
      }
    } catch (ProblemException notANumber) {
      // Told below, as a number out of range is.
    }
    throw Problem.MALFORMED_REQUEST.because(
        "'%s' is not an item id: expected a whole number from 1 to %d", text, ProductId.MAX);
  }

  private static OptionalInt position(RoutingContext context) {
    String text = Query.atMostOnce(context, "position").orElse(null);
    if (text == null) {
      return OptionalInt.empty();
    }
    if (!POSITION.matcher(text).matches()) {
      throw Problem.MALFORMED_REQUEST.because(
          "'position' is '%s': expected a whole number from 0 up", text);
    }
    return OptionalInt.of(Integer.parseInt(text));
  }
}
