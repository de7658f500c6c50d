package dev.canvas.http.bulk;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds the lines of a body as its parts come. A line ends with LF, or CR LF, or with the body; a
 * byte order mark before the first, and lines with nothing in them, are passed by. Belongs to one
 * body.
 */
final class NdjsonLines {

  /** The most bytes of a line, without its end. */
  static final int MAX_LINE = 256 * 1_024;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /**
   * A line.
   *
   * @param number in the body, from 1; lines with nothing in them count
   * @param text null where it is too long
   */
  record Line(long number, Buffer text) {

    boolean isTooLong() {
      return text == null;
    }
  }

  private final Deque<byte[]> parts = new ArrayDeque<>();
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private int next;
  private long number = 1;
  private boolean tooLong;
  private boolean ended;

  /** Takes a part of the body. */
  void feed(Buffer part) {
    if (part.length() > 0) {
      parts.add(part.getBytes());
    }
  }

  /** There is no more. */
  void end() {
    ended = true;
  }

  /** The number of the line that comes next. */
  long number() {
    return number;
  }

  /** The next line; null where it is not whole yet, or there is none any more. */
  Line next() {
    while (!parts.isEmpty()) {
      byte[] part = parts.peek();
      int end = next;
      while (end < part.length && part[end] != '\n') {
        end++;
      }
      int from = next;
      next = end + 1;
      if (next >= part.length) {
        parts.remove();
        next = 0;
      }
      // Nearly all lines are whole in their part, and copied once.
      boolean whole = end < part.length && begun.size() == 0 && !tooLong;
      if (!whole) {
        keep(part, from, end - from);
      }
      Line line = whole ? line(part, from, end) : end < part.length ? line() : null;
      if (line != null) {
        return line;
      }
    }
    return ended ? line() : null;
  }

  /** What is longer than any line may be is not kept. */
  private void keep(byte[] part, int from, int length) {
    // One more than a line may have: it may be a CR.
    if (begun.size() + length > MAX_LINE + 1 + BYTE_ORDER_MARK.length) {
      tooLong = true;
      begun.reset();
    } else if (!tooLong) {
      begun.write(part, from, length);
    }
  }

  private Line line() {
    byte[] text = begun.toByteArray();
    begun.reset();
    return line(text, 0, text.length);
  }

  private Line line(byte[] bytes, int begin, int end) {
    boolean marked = number == 1 && startsWithMark(bytes, begin, end);
    int from = marked ? begin + BYTE_ORDER_MARK.length : begin;
    int to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
    boolean isTooLong = tooLong || to - from > MAX_LINE;
    tooLong = false;
    long line = number++;
    if (isTooLong) {
      return new Line(line, null);
    }
    return to == from
        ? null
        : new Line(line, Buffer.buffer(to - from).appendBytes(bytes, from, to - from));
  }

  private static boolean startsWithMark(byte[] bytes, int begin, int end) {
    return end - begin >= BYTE_ORDER_MARK.length
        && bytes[begin] == BYTE_ORDER_MARK[0]
        && bytes[begin + 1] == BYTE_ORDER_MARK[1]
        && bytes[begin + 2] == BYTE_ORDER_MARK[2];
  }
}
