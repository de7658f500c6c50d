package dev.canvas.http.bulk;

import dev.canvas.http.connection.Connections;
import dev.canvas.http.exchange.RequestBody;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.function.IntConsumer;

/**
 * The request of one bulk import: lines in, their answers out in the same order. The client is read
 * no further while enough is under way, or while it does not take its answers; so a stream takes no
 * more memory however long it is. Where the client leaves, what was begun is made, and nobody is
 * told. Belongs to one event loop.
 */
final class BulkStream {

  /** Lines that are read at one go: some half a millisecond, in which nobody else is served. */
  private static final int LINES_A_TICK = 32;

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final IntConsumer statuses;
  private final StallWatch watch;
  private final NdjsonLines lines = new NdjsonLines();
  private final BulkImport bulk;
  private boolean inputEnded;
  private boolean paused;
  private boolean pumping;
  private boolean yielding;
  private boolean fed;
  private boolean over;

  /**
   * @param statuses is told the status of each answer
   * @param watch ends the stream where its client stands still
   */
  BulkStream(
      RoutingContext context,
      MediaService media,
      ProductReader reader,
      IntConsumer statuses,
      StallWatch watch) {
    this.context = context;
    this.request = context.request();
    this.response = context.response();
    this.statuses = statuses;
    this.watch = watch;
    this.bulk = new BulkImport(media, reader, statuses, this::settled, context::fail);
  }

  /** Reads and answers until the body ends, or the client leaves. */
  void begin() {
    context.addEndHandler(ended -> leave());
    watch.begin(this::stalled);
    response.drainHandler(
        drained -> {
          watch.moved();
          pump();
        });
    request
        .exceptionHandler(gone -> leave())
        .handler(this::read)
        .endHandler(
            end -> {
              inputEnded = true;
              lines.end();
              fed = true;
              pump();
            });
  }

  private void read(Buffer part) {
    lines.feed(part);
    fed = true;
    pump();
  }

  /** Goes on as far as it may. To read on may bring the next part at once. */
  private void pump() {
    if (pumping || over) {
      return;
    }
    pumping = true;
    do {
      fed = false;
      takeLines();
      setPaused(!mayTake());
    } while (fed && mayTake());
    pumping = false;
    if (inputEnded && mayTake() && bulk.isEmpty()) {
      leave();
      response.end();
    }
  }

  private boolean mayTake() {
    return !over && !yielding && bulk.mayTake() && !response.writeQueueFull();
  }

  private void setPaused(boolean wanted) {
    if (paused != wanted && !inputEnded) {
      paused = wanted;
      if (wanted) {
        request.pause();
      } else {
        request.resume();
      }
    }
  }

  private void takeLines() {
    bulk.takeHeld();
    for (int taken = 0; mayTake(); taken++) {
      if (taken == LINES_A_TICK) {
        yieldLoop();
        return;
      }
      NdjsonLines.Line line = lines.next();
      if (line == null) {
        break;
      }
      watch.moved();
      bulk.take(line);
    }
    bulk.pause();
  }

  /** Goes on when others have had their turn. */
  private void yieldLoop() {
    yielding = true;
    context
        .vertx()
        .runOnContext(
            next -> {
              yielding = false;
              pump();
            });
  }

  /** Sends what is known, and reads on. */
  private void settled() {
    watch.moved();
    for (Buffer answers : bulk.answers()) {
      if (!over) {
        response.write(answers);
      }
    }
    pump();
  }

  private void leave() {
    over = true;
    watch.end();
  }

  /** The client sends nothing, or takes no answer. */
  private void stalled() {
    if (response.writeQueueFull()) {
      Connections.cut(request.connection());
      return;
    }
    if (!bulk.isEmpty()) {
      // It is waited for the store, which has deadlines of its own.
      watch.moved();
      return;
    }
    ProblemException late =
        Problem.REQUEST_TIMEOUT.because(
            "No line was here within %d seconds: lines before this one are answered, and made where"
                + " the answer says so; send the rest again",
            watch.patience().toSeconds());
    statuses.accept(late.problem().status());
    leave();
    RequestBody.abandon(request, response);
    response.end(BulkChunk.answer(lines.number(), late) + "\n");
  }
}
