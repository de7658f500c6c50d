package dev.canvas.http.api;

import dev.canvas.http.exchange.Query;
import dev.canvas.http.exchange.Reply;
import dev.canvas.http.exchange.RequestBody;
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
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Handles writes of media: of the whole document, of single items, and of their order. Thread-safe.
 */
final class MediaWrites {

  /** The maximum length of a body, in bytes. */
  static final int BODY_LIMIT = 256 * 1_024;

  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final Pattern POSITION = Pattern.compile("\\d{1,9}");

  private final MediaService media;
  private final MediaReader reader;

  /**
   * @param reader reads the bodies
   */
  MediaWrites(MediaService media, MediaReader reader) {
    this.media = media;
    this.reader = reader;
  }

  /** Reads a JSON body for a handler. */
  static RequestBody json(BiConsumer<RoutingContext, Buffer> handler) {
    return new RequestBody(BODY_LIMIT, List.of(RequestBody.JSON), handler);
  }

  void replace(RoutingContext context, Buffer body) {
    ProductId productId = productId(context);
    Change change =
        new Change.Replace(
            productId,
            reader.media(productId, body),
            Conditions.ofCreatingWrite(context.request()));
    Reply.to(
        context,
        media.write(change),
        written ->
            document(context, written, written.effect() == Written.Effect.CREATED ? 201 : 200));
  }

  void add(RoutingContext context, Buffer body) {
    Change change =
        new Change.Add(
            productId(context),
            reader.item(body),
            position(context),
            Conditions.ofWrite(context.request()));
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

  void update(RoutingContext context, Buffer body) {
    Change change =
        new Change.Update(
            productId(context),
            itemId(context),
            reader.patch(body),
            Conditions.ofWrite(context.request()));
    Reply.to(context, media.write(change), written -> document(context, written, 200));
  }

  void remove(RoutingContext context) {
    Change change =
        new Change.Remove(
            productId(context), itemId(context), Conditions.ofWrite(context.request()));
    Reply.to(context, media.write(change), written -> noContent(context, written));
  }

  void order(RoutingContext context, Buffer body) {
    Change change =
        new Change.Order(
            productId(context), reader.order(body), Conditions.ofWrite(context.request()));
    Reply.to(context, media.write(change), written -> document(context, written, 200));
  }

  void delete(RoutingContext context) {
    Change change = new Change.Delete(productId(context), Conditions.ofWrite(context.request()));
    Reply.to(context, media.write(change), written -> noContent(context, written));
  }

  /** Sends the media after the write, uncompressed: If-Match needs a strong entity tag. */
  private static void document(RoutingContext context, Written written, int status) {
    ProductMedia after = written.media().orElseThrow();
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.ETAG, Conditions.entityTag(after))
        .putHeader(HttpHeaders.CONTENT_LOCATION, path(written))
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    Reply.send(context, Reply.JSON, after.document(), false);
  }

  private static void noContent(RoutingContext context, Written written) {
    HttpServerResponse response = context.response().setStatusCode(204);
    written
        .media()
        .ifPresent(after -> response.putHeader(HttpHeaders.ETAG, Conditions.entityTag(after)));
    response.end();
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
      // Refused below, like a number out of range.
    }
    throw Problem.MALFORMED_REQUEST.because(
        "'%s' is not an item id: expected a whole number from 1 to %d", text, ProductId.MAX);
  }

  private static OptionalInt position(RoutingContext context) {
    String text = Query.optional(context, "position").orElse(null);
    if (text == null) {
      return OptionalInt.empty();
    }
    if (!POSITION.matcher(text).matches()) {
      throw Problem.MALFORMED_REQUEST.because(
          "The query parameter 'position' is '%s': expected a whole number from 0", text);
    }
    return OptionalInt.of(Integer.parseInt(text));
  }
}
