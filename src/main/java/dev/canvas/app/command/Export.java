package dev.canvas.app.command;

import dev.canvas.data.CatalogueVerticle;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductMedia;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Writes the catalogue, a page while the next one is read. Whole lines alone are written, so that
 * one that breaks off may go on after its last. Belongs to one thread, which it blocks.
 */
final class Export {

  private static final int PAGE = 500;

  /** How often a page is asked for again while the store is away, and how long is waited before. */
  private static final int MAX_TRIES = 20;

  private static final long RETRY_MS = 500;

  private final CatalogueVerticle pages;
  private final ExportFile target;
  private final ExportScreen screen;

  Export(CatalogueVerticle pages, ExportFile target, ExportScreen screen) {
    this.pages = pages;
    this.target = target;
    this.screen = screen;
  }

  /**
   * Writes all products with a higher number, and tells of it.
   *
   * @param after from -1
   * @return whether that is all there are
   */
  boolean run(long after) throws IOException {
    long last = after;
    try {
      Future<List<ProductMedia>> ahead = read(last);
      List<ProductMedia> page = await(ahead, last);
      while (!page.isEmpty()) {
        long end = page.get(page.size() - 1).productId().value();
        ahead = read(end);
        for (ProductMedia media : page) {
          target.line(media.document());
        }
        target.keep();
        last = end;
        screen.show(page.size(), target.bytes(), last);
        page = await(ahead, last);
      }
      target.keep();
      screen.end(last);
      return true;
    } catch (ProblemException failure) {
      target.keep();
      screen.broken(failure.getMessage(), last);
    } catch (InterruptedException interrupted) {
      target.keep();
      screen.broken("Interrupted", last);
    } catch (IOException full) {
      boolean whole = target.takeBack();
      screen.broken("It cannot be written: " + full.getMessage(), whole ? last : -1);
    }
    return false;
  }

  private Future<List<ProductMedia>> read(long after) {
    return after == ProductId.MAX
        ? Future.succeededFuture(List.of())
        : pages.page(new ProductId(after + 1), PAGE);
  }

  private List<ProductMedia> await(Future<List<ProductMedia>> first, long after)
      throws InterruptedException {
    Future<List<ProductMedia>> page = first;
    for (int tries = 1; ; tries++) {
      try {
        return page.toCompletionStage().toCompletableFuture().get();
      } catch (ExecutionException failed) {
        if (!(failed.getCause() instanceof ProblemException problem)) {
          throw new IllegalStateException(failed.getCause());
        }
        if (problem.problem() != Problem.UNAVAILABLE || tries == MAX_TRIES) {
          throw problem;
        }
        Thread.sleep(RETRY_MS);
        page = read(after);
      }
    }
  }
}
