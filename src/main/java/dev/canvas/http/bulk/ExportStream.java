package dev.canvas.http.bulk;

import dev.canvas.http.connection.Connections;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * One export: pages of the store, each asked for when the client has taken those before, nearly.
 * Where the store stays away the connection is closed, as only that tells that it is not all; the
 * client goes on after the last line that it got. Belongs to one event loop.
 */
final class ExportStream {

  /** How often a page is asked for again, and how long is waited before. */
  private static final int MAX_TRIES = 10;

  private static final long RETRY_MS = 300;

  private final RoutingContext context;
  private final HttpServerResponse response;
  private final MediaService media;
  private final StallWatch watch;
  private boolean over;

  /**
   * @param watch ends the stream where its client stands still
   */
  ExportStream(RoutingContext context, MediaService media, StallWatch watch) {
    this.context = context;
    this.response = context.response();
    this.media = media;
    this.watch = watch;
  }

  /**
   * Sends all products with a higher number.
   *
   * @param after from -1
   */
  void begin(long after) {
    context.addEndHandler(ended -> leave());
    watch.begin(() -> Connections.cut(context.request().connection()));
    next(after, 1);
  }

  private void next(long after, int tries) {
    if (over) {
      return;
    }
    if (after == ProductId.MAX) {
      response.end();
      return;
    }
    media
        .page(new ProductId(after + 1), MediaService.MAX_BATCH)
        .onComplete(this::send, failure -> tryAgain(after, tries, failure));
  }

  private void send(List<Lookup> page) {
    if (over) {
      return;
    }
    if (page.isEmpty()) {
      response.end();
      return;
    }
    watch.moved();
    response.write(lines(page));
    long last = page.get(page.size() - 1).productId().value();
    if (response.writeQueueFull()) {
      response.drainHandler(
          drained -> {
            response.drainHandler(null);
            watch.moved();
            next(last, 1);
          });
    } else {
      next(last, 1);
    }
  }

  private void tryAgain(long after, int tries, Throwable failure) {
    boolean passes =
        failure instanceof ProblemException told && told.problem() == Problem.UNAVAILABLE;
    // Who has got nothing yet is told at once; the connection of the others is closed.
    if (!passes || !response.headWritten() || tries == MAX_TRIES) {
      context.fail(failure);
    } else {
      watch.moved();
      context.vertx().setTimer(RETRY_MS, tick -> next(after, tries + 1));
    }
  }

  private static Buffer lines(List<Lookup> page) {
    int length = 0;
    for (Lookup lookup : page) {
      length += lookup.required().document().length() + 1;
    }
    Buffer lines = Buffer.buffer(length);
    for (Lookup lookup : page) {
      lines.appendBuffer(lookup.required().document()).appendByte((byte) '\n');
    }
    return lines;
  }

  private void leave() {
    over = true;
    watch.end();
  }
}
