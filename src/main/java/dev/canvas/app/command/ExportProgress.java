package dev.canvas.app.command;

import dev.canvas.media.ProductMedia;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** Prints the progress and the outcome of an export. Belongs to one thread. */
final class ExportProgress {

  private final StatusLine status;
  private final PrintWriter errors;
  private final Path file;
  private final long startNanos = System.nanoTime();
  private long products;
  private long bytes;

  /**
   * @param errors names the products that are left out
   * @param file null for standard output, which may be the terminal that the progress goes to
   */
  ExportProgress(PrintWriter out, PrintWriter errors, Path file) {
    this.errors = errors;
    this.status = StatusLine.of(out, file != null && StatusLine.isTerminal());
    this.file = file;
  }

  /** Counts the products of a page that was written. */
  void show(int pageSize, long bytesWritten, long lastProduct) {
    products += pageSize;
    bytes = bytesWritten;
    status.show(text() + ", up to product " + lastProduct, false);
  }

  /** Names a product that is left out. */
  void skipped(ProductMedia product) {
    errors.println(
        "canvas: Product %s is left out: its media cannot be read. Replace all of them, or delete them"
            .formatted(product.productId()));
    errors.flush();
  }

  void done(long lastProduct, long skipped) {
    status.line(
        "Done: "
            + text()
            + (products == 0 ? "" : "; the last product is " + lastProduct)
            + (skipped == 0 ? "" : "; %,d products are left out".formatted(skipped)));
  }

  /**
   * Reports that the export is incomplete, and how to continue.
   *
   * @param lastProduct the last product whose line is written; -1 if none is or it is unknown
   */
  void stopped(String reason, long lastProduct) {
    status.line("canvas: The export is incomplete: " + reason);
    status.line(
        lastProduct < 0
            ? "Start the export again from the beginning"
            : "All products up to %d are written. Continue with: ./canvas export --after %d%s"
                .formatted(lastProduct, lastProduct, file == null ? "" : " --file " + file));
  }

  private String text() {
    double seconds = Math.max(0.001, (System.nanoTime() - startNanos) / 1e9);
    return String.format(
        Locale.ROOT,
        "%,d products, %,d MB, in %.1f s (%,d products/s)",
        products,
        bytes / 1_000_000,
        seconds,
        Math.round(products / seconds));
  }
}
