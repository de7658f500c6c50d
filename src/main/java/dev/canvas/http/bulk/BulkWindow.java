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
 * The lines of a bulk import that are in flight: read, but without a result sent. It is bounded,
 * which bounds the memory of a stream. Not thread-safe: confined to one event loop.
 */
final class BulkWindow {

  /** The maximum number of lines in flight. */
  private static final int MAX_LINES = 2_048;

  /** No line is taken while this many bytes of lines, or more, are in flight. */
  private static final int MAX_BYTES = 3 << 20;

  /** While fewer chunks are in flight, a chunk is sent without waiting for more lines. */
  private static final int BUSY_CHUNKS = 2;

  private final Deque<BulkChunk> chunks = new ArrayDeque<>();
  private final Set<ProductId> products = new HashSet<>();
  private int lines;
  private int bytes;

  /** Whether no more lines may be taken. */
  boolean isFull() {
    return lines >= MAX_LINES || bytes >= MAX_BYTES;
  }

  /** Whether every line taken has its result. */
  boolean isEmpty() {
    return lines == 0;
  }

  /** Whether so few chunks are in flight that a part-filled one should be sent. */
  boolean isIdle() {
    return chunks.size() < BUSY_CHUNKS;
  }

  /** Whether a line of this product is being written. */
  boolean contains(ProductId productId) {
    return products.contains(productId);
  }

  /** Adds an invalid line. */
  void add() {
    lines++;
  }

  /** Adds a line of a product. */
  void add(ProductId productId, int length) {
    add();
    products.add(productId);
    bytes += length;
  }

  /** Adds a chunk that is being written. */
  void submit(BulkChunk chunk) {
    chunks.add(chunk);
  }

  /** Removes products whose lines have been written; their results may not have been sent. */
  void release(List<ProductId> written, int length) {
    written.forEach(products::remove);
    bytes -= length;
  }

  /** Removes and returns the results that come next in line order. */
  List<Buffer> takeResults() {
    List<Buffer> results = new ArrayList<>();
    while (!chunks.isEmpty() && chunks.peek().results() != null) {
      BulkChunk chunk = chunks.remove();
      lines -= chunk.lines();
      results.add(chunk.results());
    }
    return results;
  }
}
