package dev.canvas.http.bulk;

import dev.canvas.media.Change;
import dev.canvas.media.ExportMarks;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductReader;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Writes the lines of one bulk import in chunks, and returns their results in line order. Lines of
 * the same product are written one after the other. Not thread-safe: confined to one event loop.
 */
final class BulkImport {

  /** A chunk with this many bytes is sent even if more lines would fit. */
  private static final int CHUNK_BYTES = 1 << 20;

  private final MediaService media;
  private final ProductReader reader;
  private final IntConsumer statuses;
  private final Runnable ready;
  private final Consumer<Throwable> failed;
  private final ExportMarks marks = new ExportMarks();
  private final BulkWindow window = new BulkWindow();
  private BulkChunk open = new BulkChunk();
  private Held held;

  /** A line that waits for an earlier line of the same product. */
  private record Held(NdjsonLines.Line line, Change.Import change) {}

  /**
   * @param statuses receives the status of each result
   * @param ready runs when there may be results to send, and room for more lines
   * @param failed receives an unexpected failure of the service
   */
  BulkImport(
      MediaService media,
      ProductReader reader,
      IntConsumer statuses,
      Runnable ready,
      Consumer<Throwable> failed) {
    this.media = media;
    this.reader = reader;
    this.statuses = statuses;
    this.ready = ready;
    this.failed = failed;
  }

  /** Whether a line may be taken now, or enough are in flight ({@link BulkWindow}). */
  boolean mayTake() {
    return held == null && !window.isFull();
  }

  /** Whether every line taken has its result. */
  boolean isEmpty() {
    return window.isEmpty();
  }

  /** Removes and returns the results that come next in line order. */
  List<Buffer> takeResults() {
    return window.takeResults();
  }

  /** Takes the line that waits for another of its product, once that one has been written. */
  void takeHeld() {
    if (held != null && !window.contains(held.change.productId())) {
      Held next = held;
      held = null;
      add(next.line, next.change);
    }
  }

  /** Takes a line; see {@link #mayTake}. */
  void take(NdjsonLines.Line line) {
    if (line.isTooLong()) {
      refuse(line, BulkChunk.tooLong());
      return;
    }
    Change.Import change;
    try {
      if (marks.takes(line.text().getBytes())) {
        return;
      }
      change = reader.change(line.text());
    } catch (ProblemException problem) {
      refuse(line, problem);
      return;
    }
    if (window.contains(change.productId())) {
      held = new Held(line, change);
    } else {
      add(line, change);
    }
  }

  /**
   * Called once, after the last line: an export that is cut short gets a result that says so.
   *
   * @param number the number of the line that is missing
   */
  void end(long number) {
    try {
      marks.end();
    } catch (ProblemException cutShort) {
      refuse(new NdjsonLines.Line(number, null), cutShort);
    }
  }

  /**
   * Called when no line is available: sends a part-filled chunk, unless enough chunks are in flight
   * to wait for more lines.
   */
  void flush() {
    if (open.lines() > 0 && (held != null || window.isFull() || window.isIdle())) {
      submit();
    }
  }

  private void add(NdjsonLines.Line line, Change.Import change) {
    window.add(change.productId(), line.text().length());
    open.add(line.number(), change, line.text().length());
    submitFull();
  }

  private void refuse(NdjsonLines.Line line, ProblemException problem) {
    window.add();
    open.addInvalid(line.number(), problem);
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
    window.submit(chunk);
    List<Change> changes = List.copyOf(chunk.changes());
    if (changes.isEmpty()) {
      chunk.complete(List.of(), statuses);
      ready.run();
      return;
    }
    List<ProductId> ids = chunk.productIds();
    int bytes = chunk.bytes();
    media
        .writeAll(changes)
        .onComplete(
            outcomes -> {
              window.release(ids, bytes);
              chunk.complete(outcomes, statuses);
              ready.run();
            },
            failed::accept);
  }
}
