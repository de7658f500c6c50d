package dev.canvas.http;

import dev.canvas.media.Change;
import dev.canvas.media.ImportReader;
import dev.canvas.media.MediaService;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * One bulk import: lines in, their answers out in the same order. The client is read no further
 * while enough is under way ({@link BulkWindow}), or while it does not take its answers; so a
 * stream takes no more memory however long it is. Lines of one product are made one after the
 * other. Where the client leaves, what was begun is made, and nobody is told. Belongs to one event
 * loop.
 */
final class BulkStream {

  private static final int CHUNK_BYTES = 512 << 10;

  /** Lines that are read at one go: some half a millisecond, in which nobody else is served. */
  private static final int LINES_A_TICK = 32;

  private final RoutingContext context;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final MediaService media;
  private final ImportReader reader;
  private final IntConsumer statuses;
  private final StallWatch watch;
  private final NdjsonLines lines = new NdjsonLines();
  private final BulkWindow window = new BulkWindow();
  private BulkChunk open = new BulkChunk();
  private Held held;
  private boolean inputEnded;
  private boolean paused;
  private boolean pumping;
  private boolean yielding;
  private boolean fed;
  private boolean over;

  /** A line whose product another one that is under way is about. */
  private record Held(NdjsonLines.Line line, Change.Import change) {}

  /**
   * @param statuses is told the status of each answer
   * @param watch ends the stream where its client stands still
   */
  BulkStream(
      RoutingContext context,
      MediaService media,
      ImportReader reader,
      IntConsumer statuses,
      StallWatch watch) {
    this.context = context;
    this.request = context.request();
    this.response = context.response();
    this.media = media;
    this.reader = reader;
    this.statuses = statuses;
    this.watch = watch;
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
    if (inputEnded && mayTake() && window.isEmpty()) {
      leave();
      response.end();
    }
  }

  private boolean mayTake() {
    return !over && !yielding && held == null && !window.isFull() && !response.writeQueueFull();
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
    if (held != null && !window.concerns(held.change.productId())) {
      Held next = held;
      held = null;
      add(next.line, next.change);
    }
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
      take(line);
    }
    if (open.lines() > 0 && (held != null || window.isFull() || window.isIdle())) {
      submit();
    }
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

  private void take(NdjsonLines.Line line) {
    if (line.isTooLong()) {
      refuse(line, BulkChunk.tooLong());
      return;
    }
    Change.Import change;
    try {
      change = reader.read(line.text());
    } catch (ProblemException problem) {
      refuse(line, problem);
      return;
    }
    if (window.concerns(change.productId())) {
      held = new Held(line, change);
    } else {
      add(line, change);
    }
  }

  private void add(NdjsonLines.Line line, Change.Import change) {
    window.enter(change.productId(), line.text().length());
    open.add(line.number(), change, line.text().length());
    submitFull();
  }

  private void refuse(NdjsonLines.Line line, ProblemException problem) {
    window.enter();
    open.refuse(line.number(), problem);
    submitFull();
  }

  private void submitFull() {
    if (open.lines() == MediaService.MAX_BULK || open.bytes() >= CHUNK_BYTES) {
      submit();
    }
  }

  private void submit() {
    BulkChunk chunk = open;
    open = new BulkChunk();
    window.ask(chunk);
    List<Change> changes = List.copyOf(chunk.changes());
    if (changes.isEmpty()) {
      chunk.settle(List.of(), statuses);
      answer();
      return;
    }
    List<ProductId> ids = chunk.productIds();
    int bytes = chunk.bytes();
    media
        .writeAll(changes)
        .onComplete(
            outcomes -> {
              window.leave(ids, bytes);
              chunk.settle(outcomes, statuses);
              watch.moved();
              answer();
              pump();
            },
            bug -> context.fail(bug));
  }

  /** Sends what is known in the order of the lines. */
  private void answer() {
    for (Buffer answers : window.answers()) {
      if (!over) {
        response.write(answers);
      }
    }
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
    if (!window.isEmpty()) {
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
