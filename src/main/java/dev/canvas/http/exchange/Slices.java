package dev.canvas.http.exchange;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Cuts buffers that follow each other into slices, without joining them first. Not thread-safe. */
public final class Slices {

  private final List<Buffer> parts;
  private final long length;
  private int part;
  private int offset;
  private long left;

  /**
   * @param parts are not written to
   */
  public Slices(List<Buffer> parts) {
    this.parts = List.copyOf(parts);
    this.length = parts.stream().mapToLong(Buffer::length).sum();
    this.left = length;
  }

  /** The length of all parts together. */
  long length() {
    return length;
  }

  /** How many bytes have not been taken. */
  long left() {
    return left;
  }

  /** Whether every byte has been taken. */
  public boolean isEmpty() {
    return left == 0;
  }

  /** Takes the next bytes. */
  public Buffer take(int max) {
    int size = (int) Math.min(max, left);
    Buffer slice = Buffer.buffer(size);
    while (slice.length() < size) {
      Buffer current = parts.get(part);
      int count = Math.min(size - slice.length(), current.length() - offset);
      slice.appendBuffer(current, offset, count);
      offset += count;
      if (offset == current.length()) {
        part++;
        offset = 0;
      }
    }
    left -= size;
    return slice;
  }
}
