package dev.canvas.app.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** Shows how far an export is. Belongs to one thread. */
final class ExportScreen {

  private final StatusLine status;
  private final Path file;
  private final long beganNanos = System.nanoTime();
  private long products;
  private long bytes;

  /**
   * @param file null for standard output, where the documents may go to the same terminal
   */
  ExportScreen(PrintWriter out, Path file) {
    this.status = StatusLine.of(out, file != null && StatusLine.isTerminal());
    this.file = file;
  }

  /** So many products more are written. */
  void show(int more, long written, long last) {
    products += more;
    bytes = written;
    status.show(text() + ", up to product " + last, false);
  }

  /** The last line. */
  void end(long last) {
    status.line("Done: " + text() + (products == 0 ? "" : ", the last one is " + last));
  }

  /**
   * The last lines of one that broke off.
   *
   * @param last whose line is whole; -1 where none is, or it is not known
   */
  void broken(String reason, long last) {
    status.line("canvas: The export broke off: " + reason);
    status.line(
        last < 0
            ? "Begin anew"
            : "What is written is whole: ./canvas export --after %d%s goes on"
                .formatted(last, file == null ? "" : " --file " + file));
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
