package dev.canvas.http.bulk;

import dev.canvas.media.ProductId;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a bulk import is under way: read, and not answered. It is bounded, and with it the memory
 * of a stream. Belongs to one event loop.
 */
final class BulkWindow {

  /** Lines that are under way at once. */
  private static final int MAX_LINES = 2_048;

  /** Bytes of lines that are under way at once; a line more may be. */
  private static final int MAX_BYTES = 3 << 20;

  /** As long as fewer chunks are under way a line waits for no others. */
  private static final int EAGER = 2;

  private final Deque<BulkChunk> chunks = new ArrayDeque<>();
  private final Set<ProductId> products = new HashSet<>();
  private int lines;
  private int bytes;

  /** Whether no line more is to be taken. */
  boolean isFull() {
    return lines >= MAX_LINES || bytes >= MAX_BYTES;
  }

  /** Whether all that was taken is answered. */
  boolean isEmpty() {
    return lines == 0;
  }

  /** Whether a chunk is to be sent as it is, as too few are under way. */
  boolean isIdle() {
    return chunks.size() < EAGER;
  }

  /** Whether a line about a product is under way. */
  boolean concerns(ProductId productId) {
    return products.contains(productId);
  }

  /** A line is taken that cannot be made. */
  void enter() {
    lines++;
  }

  /** A line is taken about a product. */
  void enter(ProductId productId, int length) {
    enter();
    products.add(productId);
    bytes += length;
  }

  /** Lines that were taken are asked for. */
  void ask(BulkChunk chunk) {
    chunks.add(chunk);
  }

  /** Products are no longer under way: their lines are settled, though perhaps not answered. */
  void leave(List<ProductId> settled, int length) {
    settled.forEach(products::remove);
    bytes -= length;
  }

  /** The answers that are known and whose turn it is; they count as given. */
  List<Buffer> answers() {
    List<Buffer> answers = new ArrayList<>();
    while (!chunks.isEmpty() && chunks.peek().answers() != null) {
      BulkChunk chunk = chunks.remove();
      lines -= chunk.lines();
      answers.add(chunk.answers());
    }
    return answers;
  }
}
