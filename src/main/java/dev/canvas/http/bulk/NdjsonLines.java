package dev.canvas.http.bulk;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Splits a body into lines as its parts arrive. A line ends with LF, with CR LF, or at the end of
 * the body. A byte order mark before the first line is ignored, and so are blank lines. Not
 * thread-safe; one instance per body.
 */
final class NdjsonLines {

  /** The maximum length of a line in bytes, without its line break. */
  static final int MAX_LINE = 256 * 1_024;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /**
   * A line that is not blank.
   *
   * @param number its number in the body, from 1, blank lines included
   * @param text its content, or null if it is too long
   */
  record Line(long number, Buffer text) {

    boolean isTooLong() {
      return text == null;
    }
  }

  private final Deque<byte[]> parts = new ArrayDeque<>();
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private int position;
  private long number = 1;
  private boolean tooLong;
  private boolean ended;

  /** Adds a part of the body. */
  void add(Buffer part) {
    if (part.length() > 0) {
      parts.add(part.getBytes());
    }
  }

  /** Marks the end of the body. */
  void end() {
    ended = true;
  }

  /** The number of the next line. */
  long nextNumber() {
    return number;
  }

  /** Returns the next line, or null if it has not arrived as a whole or there is none left. */
  Line next() {
    while (!parts.isEmpty()) {
      byte[] part = parts.peek();
      int end = position;
      while (end < part.length && part[end] != '\n') {
        end++;
      }
      int from = position;
      position = end + 1;
      if (position >= part.length) {
        parts.remove();
        position = 0;
      }
      // Nearly all lines lie within one part and are copied once.
      boolean whole = end < part.length && partial.size() == 0 && !tooLong;
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

  /** Keeps an incomplete line, unless it is longer than the limit. */
  private void keep(byte[] part, int from, int length) {
    // One byte more than the limit, which may be the CR of the line break.
    if (partial.size() + length > MAX_LINE + 1 + BYTE_ORDER_MARK.length) {
      tooLong = true;
      partial.reset();
    } else if (!tooLong) {
      partial.write(part, from, length);
    }
  }

  private Line line() {
    byte[] text = partial.toByteArray();
    partial.reset();
    return line(text, 0, text.length);
  }

  private Line line(byte[] bytes, int begin, int end) {
    boolean marked = number == 1 && startsWithMark(bytes, begin, end);
    int from = marked ? begin + BYTE_ORDER_MARK.length : begin;
    int to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
    boolean isTooLong = tooLong || to - from > MAX_LINE;
    tooLong = false;
    long lineNumber = number++;
    if (isTooLong) {
      return new Line(lineNumber, null);
    }
    return isBlank(bytes, from, to)
        ? null
        : new Line(lineNumber, Buffer.buffer(to - from).appendBytes(bytes, from, to - from));
  }

  /** Whether a line has nothing but the white space of JSON. */
  private static boolean isBlank(byte[] bytes, int begin, int end) {
    for (int i = begin; i < end; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWithMark(byte[] bytes, int begin, int end) {
    return end - begin >= BYTE_ORDER_MARK.length
        && bytes[begin] == BYTE_ORDER_MARK[0]
        && bytes[begin + 1] == BYTE_ORDER_MARK[1]
        && bytes[begin + 2] == BYTE_ORDER_MARK[2];
  }
}
