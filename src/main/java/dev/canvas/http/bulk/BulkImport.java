package dev.canvas.http.bulk;

import dev.canvas.media.Change;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductReader;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The lines of one bulk import: read, made in chunks, and answered in their order. Lines of one
 * product are made one after the other. Belongs to one event loop.
 */
final class BulkImport {

  private static final int CHUNK_BYTES = 1 << 20;

  private final MediaService media;
  private final ProductReader reader;
  private final IntConsumer statuses;
  private final Runnable settled;
  private final Consumer<Throwable> broken;
  private final BulkWindow window = new BulkWindow();
  private BulkChunk open = new BulkChunk();
  private Held held;

  /** A line whose product another one that is under way is about. */
  private record Held(NdjsonLines.Line line, Change.Import change) {}

  /**
   * @param statuses is told the status of each answer
   * @param settled run when there may be answers, and room for lines
   * @param broken is told of a fault of this service
   */
  BulkImport(
      MediaService media,
      ProductReader reader,
      IntConsumer statuses,
      Runnable settled,
      Consumer<Throwable> broken) {
    this.media = media;
    this.reader = reader;
    this.statuses = statuses;
    this.settled = settled;
    this.broken = broken;
  }

  /** Whether a line may be taken now; if not, enough is under way ({@link BulkWindow}). */
  boolean mayTake() {
    return held == null && !window.isFull();
  }

  /** Whether all that was taken is answered. */
  boolean isEmpty() {
    return window.isEmpty();
  }

  /** The answers that are known and whose turn it is; they count as given. */
  List<Buffer> answers() {
    return window.answers();
  }

  /** Takes the line that waited for another of its product, if that one is settled. */
  void takeHeld() {
    if (held != null && !window.concerns(held.change.productId())) {
      Held next = held;
      held = null;
      add(next.line, next.change);
    }
  }

  /** Takes a line. */
  void take(NdjsonLines.Line line) {
    if (line.isTooLong()) {
      refuse(line, BulkChunk.tooLong());
      return;
    }
    Change.Import change;
    try {
      change = reader.change(line.text());
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

  /**
   * No line is there to be taken now: what was taken waits for more only where much is under way.
   */
  void pause() {
    if (open.lines() > 0 && (held != null || window.isFull() || window.isIdle())) {
      submit();
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
      settled.run();
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
              settled.run();
            },
            broken::accept);
  }
}
