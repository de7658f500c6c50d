package dev.canvas.seed.source;

import dev.canvas.media.ExportMarks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.DoubleSupplier;

/**
 * Reads NDJSON: one product document a line. Blank lines are ignored. An export has to be whole
 * ({@link ExportMarks}).
 */
final class NdjsonRecordReader implements RecordReader {

  /** The limit of the HTTP import too. */
  private static final int MAX_LINE_BYTES = 256 * 1_024;

  private static final int SHOWN_BYTES = 100;

  private final InputStream in;
  private final DoubleSupplier fractionRead;
  private final ProductParser parser;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ExportMarks marks = new ExportMarks();
  private final byte[] buffer = new byte[1 << 16];
  private int next;
  private int end;
  private long lineNumber;

  NdjsonRecordReader(InputStream in, DoubleSupplier fractionRead, ProductParser parser) {
    this.in = in;
    this.fractionRead = fractionRead;
    this.parser = parser;
  }

  @Override
  public RawRecord next() throws IOException {
    while (readLine()) {
      byte[] text = withoutLineBreak(line.toByteArray());
      if (text.length > MAX_LINE_BYTES) {
        return ProductParser.invalid(
            lineNumber,
            "longer than " + MAX_LINE_BYTES + " bytes",
            new String(text, 0, SHOWN_BYTES, StandardCharsets.UTF_8));
      }
      if (!isBlank(text) && !marks.takes(text)) {
        return parser.document(lineNumber, text);
      }
    }
    marks.end();
    return null;
  }

  private static byte[] withoutLineBreak(byte[] text) {
    boolean hasCr = text.length > 0 && text[text.length - 1] == '\r';
    return hasCr ? Arrays.copyOf(text, text.length - 1) : text;
  }

  /** Whether a line has nothing but the white space of JSON. */
  private static boolean isBlank(byte[] text) {
    for (byte each : text) {
      if (each != ' ' && each != '\t' && each != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public double fractionRead() {
    return fractionRead.getAsDouble();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Reads a line into {@link #line}, but keeps little more than a line may have. */
  private boolean readLine() throws IOException {
    line.reset();
    lineNumber++;
    boolean any = false;
    while (next < end || fill()) {
      any = true;
      int from = next;
      while (next < end && buffer[next] != '\n') {
        next++;
      }
      // One byte more than the limit, which may be the CR of the line break.
      if (line.size() <= MAX_LINE_BYTES + 1) {
        line.write(buffer, from, next - from);
      }
      if (next < end) {
        next++;
        return true;
      }
    }
    return any;
  }

  private boolean fill() throws IOException {
    next = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }
}
