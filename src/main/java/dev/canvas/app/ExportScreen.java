package dev.canvas.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Shows how far an export is: one line that changes where there is a terminal, else a line every
 * few seconds. Belongs to one thread.
 */
final class ExportScreen {

  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration BLINK = Duration.ofMillis(200);

  private final PrintWriter out;
  private final Path file;

  /** The documents may go to the same terminal. */
  private final boolean terminal;

  private final long beganNanos = System.nanoTime();
  private long toldNanos = beganNanos;
  private long products;
  private long bytes;

  /**
   * @param file null for standard output
   */
  ExportScreen(PrintWriter out, Path file) {
    this.out = out;
    this.file = file;
    this.terminal = file != null && Boolean.getBoolean("canvas.terminal");
  }

  /** So many products more are written. */
  void show(int more, long written, long last) {
    products += more;
    bytes = written;
    long now = System.nanoTime();
    if (now - toldNanos >= (terminal ? BLINK : INTERVAL).toNanos()) {
      toldNanos = now;
      if (terminal) {
        out.print("\r" + text() + ", up to product " + last + "   ");
      } else {
        out.println(text() + ", up to product " + last);
      }
      out.flush();
    }
  }

  /** The last line. */
  void end(long last) {
    line("Done: " + text() + (products == 0 ? "" : ", the last one is " + last));
  }

  /**
   * The last line of one that broke off.
   *
   * @param last whose line is whole; -1 where none is, or it is not known
   */
  void broken(String reason, long last) {
    line("canvas: The export broke off: " + reason);
    if (last < 0) {
      line("Begin anew, or after the product of the last whole line");
    } else {
      line(
          "What is written is whole: ./canvas export --after %d%s goes on"
              .formatted(last, file == null ? "" : " --file " + file));
    }
  }

  private void line(String text) {
    if (terminal) {
      out.println();
    }
    out.println(text);
    out.flush();
  }

  private String text() {
    double seconds = Math.max(0.001, (System.nanoTime() - beganNanos) / 1e9);
    return String.format(
        Locale.ROOT,
        "%,d products, %,d MB, in %.1f s (%,d products/s)",
        products,
        bytes / 1_000_000,
        seconds,
        Math.round(products / seconds));
  }
}
