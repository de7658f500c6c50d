package dev.canvas.media;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells a whole export from one that was cut short. The first line of an export promises a last
 * one, and the last line has the number of products between them: {@code {"canvas_export":1}} and
 * {@code {"canvas_export_end":1,"products":42}}. It also counts the products that were left out
 * because their media cannot be read, if there are any ({@code "skipped":2}). Nothing else can be
 * relied on: an export that breaks off looks complete over HTTP/1.0, behind a proxy that speaks
 * HTTP/1.0 to the service, and in a file.
 *
 * <p>An instance checks the lines of one text. A text without a first line promises nothing, such
 * as a file by hand or from an earlier release. An export that continues another has marks of its
 * own, so a first line also begins anew. Not thread-safe.
 */
public final class ExportMarks {

  /** The first line of an export, without its line break. */
  public static final Buffer FIRST = Buffer.buffer("{\"canvas_export\":1}");

  private static final byte[] PREFIX = "{\"canvas_export".getBytes(StandardCharsets.US_ASCII);

  private static final Pattern FIRST_LINE = Pattern.compile("\\{\"canvas_export\":\\s*1\\s*}\\s*");
  private static final Pattern LAST_LINE =
      Pattern.compile(
          "\\{\"canvas_export_end\":\\s*1\\s*,\\s*\"products\":\\s*(\\d{1,16})\\s*"
              + "(,\\s*\"skipped\":\\s*\\d{1,16}\\s*)?}\\s*");

  private boolean promised;
  private long products;

  /** The last line of an export, without its line break. */
  public static Buffer last(long products, long skipped) {
    String count = skipped == 0 ? "" : ",\"skipped\":" + skipped;
    return Buffer.buffer("{\"canvas_export_end\":1,\"products\":" + products + count + "}");
  }

  /**
   * Takes the next line of the text. Returns whether it is a mark; any other line counts as a
   * product.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if it is the last line of an export
   *     of which lines are missing, or a mark of another release
   */
  public boolean takes(byte[] line) {
    if (!isMark(line)) {
      products++;
      return false;
    }
    String text = new String(line, StandardCharsets.UTF_8);
    Matcher last = LAST_LINE.matcher(text);
    if (FIRST_LINE.matcher(text).matches()) {
      promised = true;
      products = 0;
    } else if (!last.matches()) {
      throw Problem.MALFORMED_REQUEST.because(
          "The mark of the export, %s, is not one of this release", text.strip());
    } else if (promised) {
      promised = false;
      if (Long.parseLong(last.group(1)) != products) {
        throw Problem.MALFORMED_REQUEST.because(
            "The export is not whole: its last line counts %s products, but it has %d",
            last.group(1), products);
      }
    }
    return true;
  }

  /**
   * Called at the end of the text.
   *
   * @throws ProblemException {@link Problem#MALFORMED_REQUEST} if a last line was promised and is
   *     missing
   */
  public void end() {
    if (promised) {
      promised = false;
      throw Problem.MALFORMED_REQUEST.because(
          "The export is cut short: it has %d products and no last line 'canvas_export_end'. Export"
              + " it again, or the rest with 'after' and the last product id",
          products);
    }
  }

  private static boolean isMark(byte[] line) {
    if (line.length < PREFIX.length) {
      return false;
    }
    for (int i = 0; i < PREFIX.length; i++) {
      if (line[i] != PREFIX[i]) {
        return false;
      }
    }
    return true;
  }
}
