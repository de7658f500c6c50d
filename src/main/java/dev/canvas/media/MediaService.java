package dev.canvas.media;

import io.vertx.core.Future;
import java.util.List;

/**
 * Reads and writes the media of products. Every method returns at once. A failure arrives in the
 * future as a {@link ProblemException}: {@link Problem#UNAVAILABLE} if neither cache nor store
 * answered within their deadlines.
 */
public interface MediaService {

  /** The largest number of products in one {@link #batch} or {@link #page}. */
  int MAX_BATCH = 100;

  /** The largest number of changes in one {@link #writeAll}. */
  int MAX_BULK = 512;

  /** Reads one product. A product without media is an answer, not a failure. */
  Future<Lookup> get(ProductId productId);

  /**
   * Reads several products and answers in the order of the request.
   *
   * @param productIds at most {@value #MAX_BATCH}, without duplicates
   */
  Future<List<Lookup>> batch(List<ProductId> productIds);

  /**
   * Lists the products that have media, in the order of their ids, straight from the store.
   *
   * @param from the lowest id to list
   * @param limit at most {@value #MAX_BATCH}
   */
  Future<List<Lookup>> page(ProductId from, int limit);

  /**
   * Makes a change. When the future succeeds, the store has committed the change, and no read that
   * starts from then on returns an older state. When it fails, the change was not made, except with
   * {@link Problem#OUTCOME_UNKNOWN}.
   */
  Future<Written> write(Change change);

  /**
   * Makes several changes independently and answers with the outcome of each, in the order of the
   * request. The promise of {@link #write} holds for each. The future does not fail if a change
   * does.
   *
   * @param changes at most {@value #MAX_BULK}, each of a different product
   */
  Future<List<Outcome>> writeAll(List<Change> changes);
}
