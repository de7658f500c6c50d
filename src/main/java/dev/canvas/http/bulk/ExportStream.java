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
 * Streams one export page by page. The next page is read once the client has nearly caught up. If
 * the store stays unavailable, the connection is closed, because nothing else tells the client that
 * the export is incomplete; the client continues after the last line that it received. Not
 * thread-safe: confined to one event loop.
 */
final class ExportStream {

  /** How often a page is read before the export fails. */
  private static final int MAX_ATTEMPTS = 10;

  /** The wait before each retry. */
  private static final long RETRY_MS = 300;

  private final RoutingContext context;
  private final HttpServerResponse response;
  private final MediaService media;
  private final StallWatch watch;
  private boolean stopped;

  /**
   * @param watch notices when the client stops reading
   */
  ExportStream(RoutingContext context, MediaService media, StallWatch watch) {
    this.context = context;
    this.response = context.response();
    this.media = media;
    this.watch = watch;
  }

  /**
   * Sends all products with a higher id.
   *
   * @param after a product id, or -1 for all products
   */
  void start(long after) {
    context.addEndHandler(ended -> stop());
    watch.start(() -> Connections.abort(context.request().connection()));
    sendFrom(after, 1);
  }

  private void sendFrom(long after, int attempt) {
    if (stopped) {
      return;
    }
    if (after == ProductId.MAX) {
      response.end();
      return;
    }
    media
        .page(new ProductId(after + 1), MediaService.MAX_BATCH)
        .onComplete(this::send, failure -> retryOrFail(after, attempt, failure));
  }

  private void send(List<Lookup> page) {
    if (stopped) {
      return;
    }
    if (page.isEmpty()) {
      response.end();
      return;
    }
    watch.progress();
    response.write(lines(page));
    long last = page.get(page.size() - 1).productId().value();
    if (response.writeQueueFull()) {
      response.drainHandler(
          drained -> {
            response.drainHandler(null);
            watch.progress();
            sendFrom(last, 1);
          });
    } else {
      sendFrom(last, 1);
    }
  }

  private void retryOrFail(long after, int attempt, Throwable failure) {
    boolean transientFailure =
        failure instanceof ProblemException problem && problem.problem() == Problem.UNAVAILABLE;
    // Before the first byte this is an error response; after it, the connection is closed.
    if (!transientFailure || !response.headWritten() || attempt == MAX_ATTEMPTS) {
      context.fail(failure);
    } else {
      watch.progress();
      context.vertx().setTimer(RETRY_MS, tick -> sendFrom(after, attempt + 1));
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

  private void stop() {
    stopped = true;
    watch.stop();
  }
}
