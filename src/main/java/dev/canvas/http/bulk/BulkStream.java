package dev.canvas.http.bulk;

import dev.canvas.http.connection.Connections;
import dev.canvas.http.exchange.RequestBody;
import dev.canvas.http.exchange.Turns;
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
 * Serves one bulk import request: reads lines, and sends their results in the same order. The
 * server stops reading while enough lines are in flight, or while the client does not read results,
 * so a stream's memory does not grow with its length. If the client disconnects, the lines in
 * flight are still written. Not thread-safe: confined to one event loop.
 */
final class BulkStream {

  /** Lines read before other requests get a turn: about half a millisecond. */
  private static final int LINES_PER_TURN = 32;

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final IntConsumer statuses;
  private final StallWatch watch;
  private final NdjsonLines lines = new NdjsonLines();
  private final BulkImport bulk;
  private final Turns turns = Turns.current();
  private boolean inputEnded;
  private boolean linesEnded;
  private boolean paused;
  private boolean pumping;
  private boolean yielding;
  private boolean received;
  private boolean stopped;

  /**
   * @param statuses receives the status of each result
   * @param watch notices when the client makes no progress
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
    this.bulk = new BulkImport(media, reader, statuses, this::ready, context::fail);
  }

  /** Starts reading. Ends with the body, or when the client disconnects. */
  void start() {
    context.addEndHandler(ended -> stop());
    watch.start(this::stalled);
    response.drainHandler(
        drained -> {
          watch.progress();
          pump();
        });
    request
        .exceptionHandler(gone -> stop())
        .handler(this::read)
        .endHandler(
            end -> {
              inputEnded = true;
              lines.end();
              received = true;
              pump();
            });
  }

  private void read(Buffer part) {
    lines.add(part);
    received = true;
    pump();
  }

  /** Processes what it can. Resuming the request may deliver the next part within the call. */
  private void pump() {
    if (pumping || stopped) {
      return;
    }
    pumping = true;
    do {
      received = false;
      takeLines();
      setPaused(!mayTake());
    } while (received && mayTake());
    pumping = false;
    if (inputEnded && mayTake() && bulk.isEmpty()) {
      stop();
      response.end();
    }
  }

  private boolean mayTake() {
    return !stopped && !yielding && bulk.mayTake() && !response.writeQueueFull();
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
      if (taken == LINES_PER_TURN) {
        yieldLoop();
        return;
      }
      NdjsonLines.Line line = lines.next();
      if (line == null) {
        if (inputEnded && !linesEnded) {
          linesEnded = true;
          bulk.end(lines.nextNumber() - 1);
        }
        break;
      }
      watch.progress();
      bulk.take(line);
    }
    bulk.flush();
  }

  /** Continues after other requests have had their turn. */
  private void yieldLoop() {
    yielding = true;
    turns.await(
        () -> {
          yielding = false;
          pump();
        });
  }

  /** Sends the available results, and reads on. */
  private void ready() {
    watch.progress();
    for (Buffer results : bulk.takeResults()) {
      if (!stopped) {
        response.write(results);
      }
    }
    pump();
  }

  private void stop() {
    stopped = true;
    watch.stop();
  }

  /** Handles a client that neither sends lines nor reads results. */
  private void stalled() {
    if (response.writeQueueFull()) {
      Connections.abort(request.connection());
      return;
    }
    if (!bulk.isEmpty()) {
      // The store is what takes long, and it has its own deadlines.
      watch.progress();
      return;
    }
    ProblemException late =
        Problem.REQUEST_TIMEOUT.because(
            "No line arrived within %d seconds. The results above tell which lines were written;"
                + " send the rest again",
            watch.timeout().toSeconds());
    statuses.accept(late.problem().status());
    stop();
    RequestBody.abandon(request, response);
    response.end(BulkChunk.result(lines.nextNumber(), late) + "\n");
  }
}
