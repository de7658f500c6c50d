package dev.canvas.seed.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Documents, one a line. Empty lines are passed by. */
final class NdjsonRecords implements Records {

  /** As in the service's own import. */
  private static final int MAX_LINE = 256 * 1_024;

  private static final int SHOWN = 100;

  private final SourceFile file;
  private final InputStream in;
  private final ProductParser parser;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final byte[] buffer = new byte[1 << 16];
  private int next;
  private int end;
  private long number;

  NdjsonRecords(SourceFile file, ProductParser parser) {
    this.file = file;
    this.in = file.stream();
    this.parser = parser;
  }

  @Override
  public Unparsed next() throws IOException {
    while (readLine()) {
      byte[] text = line.toByteArray();
      if (text.length > MAX_LINE) {
        return ProductParser.unreadable(
            new Reject(
                number,
                "longer than " + MAX_LINE + " bytes",
                new String(text, 0, SHOWN, StandardCharsets.UTF_8)));
      }
      if (text.length > 1 || (text.length == 1 && text[0] != '\r')) {
        return parser.document(number, text);
      }
    }
    return null;
  }

  @Override
  public double share() {
    return file.share();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** What is longer than any line may be is not kept. */
  private boolean readLine() throws IOException {
    line.reset();
    number++;
    boolean any = false;
    while (next < end || fill()) {
      any = true;
      int from = next;
      while (next < end && buffer[next] != '\n') {
        next++;
      }
      if (line.size() <= MAX_LINE) {
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
