package dev.canvas.app.command;

import dev.canvas.data.CatalogueVerticle;
import dev.canvas.media.ExportMarks;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Writes the catalogue page by page, and reads the next page ahead. Only whole lines are kept, so
 * that an interrupted export can continue after its last line. Blocking; belongs to one thread.
 */
final class CatalogueExport {

  /** The export is whole but for products that were left out. */
  private static final int SKIPPED = 3;

  /** 128 and the number of SIGPIPE, as shells have it. */
  private static final int READER_GONE = 141;

  private static final int PAGE_SIZE = 500;
  private static final int MAX_ATTEMPTS = 20;
  private static final long RETRY_DELAY_MS = 500;

  private final CatalogueVerticle catalogue;
  private final ExportOutput output;
  private final ExportProgress progress;

  CatalogueExport(CatalogueVerticle catalogue, ExportOutput output, ExportProgress progress) {
    this.catalogue = catalogue;
    this.output = output;
    this.progress = progress;
  }

  /**
   * Writes all products with a higher id and reports the outcome.
   *
   * @param after at least -1
   * @return the exit code: 0 for a complete export, {@value #SKIPPED} if it lacks products whose
   *     media cannot be read, and that of SIGPIPE if its reader has gone, which is no failure and
   *     is not reported
   */
  int run(long after) throws IOException {
    long last = after;
    long products = 0;
    long skipped = 0;
    try {
      output.writeLine(ExportMarks.FIRST);
      List<ProductMedia> page = await(read(last), last);
      while (!page.isEmpty()) {
        long end = page.get(page.size() - 1).productId().value();
        Future<List<ProductMedia>> next = read(end);
        int written = 0;
        for (ProductMedia media : page) {
          if (media.isReadable()) {
            output.writeLine(media.document());
            written++;
          } else {
            progress.skipped(media);
            skipped++;
          }
        }
        output.commit();
        last = end;
        products += written;
        progress.show(written, output.bytes(), last);
        page = await(next, last);
      }
      output.writeLine(ExportMarks.last(products, skipped));
      output.commit();
      progress.done(last, skipped);
      return skipped == 0 ? 0 : SKIPPED;
    } catch (ProblemException failure) {
      output.commit();
      progress.stopped(failure.getMessage(), last);
    } catch (InterruptedException interrupted) {
      output.commit();
      progress.stopped("interrupted", last);
    } catch (IOException failure) {
      if (output.isPipe()) {
        output.abandon();
        return READER_GONE;
      }
      boolean intact = output.rollback();
      progress.stopped("the output cannot be written: " + failure.getMessage(), intact ? last : -1);
    }
    return 1;
  }

  private Future<List<ProductMedia>> read(long after) {
    return after == ProductId.MAX
        ? Future.succeededFuture(List.of())
        : catalogue.page(new ProductId(after + 1), PAGE_SIZE);
  }

  /** Waits for a page, and reads it again while the store is unavailable. */
  private List<ProductMedia> await(Future<List<ProductMedia>> first, long after)
      throws InterruptedException {
    Future<List<ProductMedia>> page = first;
    for (int attempt = 1; ; attempt++) {
      try {
        return page.toCompletionStage().toCompletableFuture().get();
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof ProblemException problem)) {
          throw new IllegalStateException(failed.getCause());
        }
        if (problem.problem() != Problem.UNAVAILABLE || attempt == MAX_ATTEMPTS) {
          throw problem;
        }
        Thread.sleep(RETRY_DELAY_MS);
        page = read(after);
      }
    }
  }
}
