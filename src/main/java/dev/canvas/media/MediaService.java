package dev.canvas.media;

import io.vertx.core.Future;
import java.util.List;

/**
 * The media of products. Every method returns at once; what goes wrong arrives as a {@link
 * ProblemException} in the future, {@link Problem#UNAVAILABLE} where neither cache nor store
 * answered within their deadlines.
 */
public interface MediaService {

  /** The most products that one {@link #batch} or {@link #page} answers. */
  int MAX_BATCH = 100;

  /** The most changes of one {@link #writeAll}. */
  int MAX_BULK = 512;

  /** The media of one product; an absent product is an answer and no failure. */
  Future<Lookup> get(ProductId productId);

  /**
   * The media of several products, in the order asked.
   *
   * @param productIds at most {@value #MAX_BATCH}, each once
   */
  Future<List<Lookup>> batch(List<ProductId> productIds);

  /**
   * The products that have media, in the order of their numbers, read from the store itself.
   *
   * @param from the lowest number wanted
   * @param limit at most {@value #MAX_BATCH}
   */
  Future<List<Lookup>> page(ProductId from, int limit);

  /**
   * Makes a change. When the future succeeds the change is committed in the store, and no read that
   * starts from then on is older. A failed one was not made, except with {@link
   * Problem#OUTCOME_UNKNOWN}.
   */
  Future<Written> write(Change change);

  /**
   * Makes changes of a bulk, each for itself, and answers what came of each at its place; for each
   * the promise of {@link #write} holds. Does not fail for their sake.
   *
   * @param changes of different products, at most {@value #MAX_BULK}
   */
  Future<List<Outcome>> writeAll(List<Change> changes);

  /** Which of the servers behind this service answer now; never fails for their sake. */
  Future<Tiers> tiers();
}
