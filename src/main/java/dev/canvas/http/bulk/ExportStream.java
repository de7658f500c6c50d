package dev.canvas.http.bulk;

import dev.canvas.http.connection.Connections;
import dev.canvas.http.exchange.Slices;
import dev.canvas.http.exchange.Turns;
import dev.canvas.media.ExportMarks;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Streams one export page by page, and each page in slices. The next one is read once the client
 * has nearly caught up. Products whose media cannot be read are left out and counted. If the store
 * stays unavailable, the connection is closed. A client that misses the last line ({@link
 * ExportMarks}) has not got everything, and continues after the last product that it received. Not
 * thread-safe: confined to one event loop.
 */
final class ExportStream {

  /** How often a page is read before the export fails. */
  private static final int MAX_ATTEMPTS = 10;

  /** The wait before each retry. */
  private static final long RETRY_MS = 300;

  /** The length that a page should not exceed, judged by the longest document of the last one. */
  private static final int PAGE_BYTES = 1 << 20;

  /** The documents of the first page: those of the largest size are not too much. */
  private static final int FIRST_LIMIT = 4;

  private static final int SLICE = 65_536;
  private static final Buffer LINE_BREAK = Buffer.buffer("\n");

  private final RoutingContext context;
  private final HttpServerResponse response;
  private final MediaService media;
  private final StallWatch watch;
  private final Turns turns = Turns.current();
  private int limit = FIRST_LIMIT;
  private long products;
  private long skipped;
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
      end();
      return;
    }
    media
        .page(new ProductId(after + 1), limit)
        .onComplete(this::send, failure -> retryOrFail(after, attempt, failure));
  }

  private void send(List<Lookup> page) {
    if (stopped) {
      return;
    }
    if (page.isEmpty()) {
      end();
      return;
    }
    watch.progress();
    List<Buffer> parts = new ArrayList<>(2 * page.size() + 2);
    if (products + skipped == 0) {
      parts.add(ExportMarks.FIRST);
      parts.add(LINE_BREAK);
    }
    int longest = 1;
    for (Lookup lookup : page) {
      ProductMedia product = lookup.media().orElseThrow();
      if (product.isReadable()) {
        products++;
        parts.add(product.document());
        parts.add(LINE_BREAK);
        longest = Math.max(longest, product.document().length());
      } else {
        skipped++;
      }
    }
    limit =
        Math.max(1, Math.min(MediaService.MAX_BATCH, Math.min(2 * limit, PAGE_BYTES / longest)));
    send(new Slices(parts), page.get(page.size() - 1).productId().value());
  }

  /** Sends the next slice of a page as soon as the client has nearly caught up. */
  private void send(Slices lines, long last) {
    if (stopped) {
      return;
    }
    if (lines.isEmpty()) {
      sendFrom(last, 1);
    } else if (response.writeQueueFull()) {
      response.drainHandler(
          drained -> {
            response.drainHandler(null);
            watch.progress();
            send(lines, last);
          });
    } else {
      response.write(lines.take(SLICE));
      turns.await(() -> send(lines, last));
    }
  }

  /** Tells the client that the export is whole. */
  private void end() {
    Buffer marks = Buffer.buffer();
    if (products + skipped == 0) {
      marks.appendBuffer(ExportMarks.FIRST).appendBuffer(LINE_BREAK);
    }
    response.end(marks.appendBuffer(ExportMarks.last(products, skipped)).appendBuffer(LINE_BREAK));
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

  private void stop() {
    stopped = true;
    watch.stop();
  }
}
