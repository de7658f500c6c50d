package dev.canvas.control;

/**
 * Switches every cache of every node from one generation of the catalogue to the next while a load
 * replaces it. Blocking; use it from one thread.
 *
 * <p>A load that swaps tables calls {@link #bypassCaches} before the swap and {@link #resumeCaches}
 * after it. A load that changes the store in place calls {@link #advanceTo} once it is complete.
 */
public interface CatalogueSwitch extends AutoCloseable {

  /**
   * Makes every node read from the store only. When it returns, no node answers from a cache.
   *
   * @throws dev.canvas.media.ProblemException if the caches cannot be reached
   */
  void bypassCaches() throws InterruptedException;

  /**
   * Lets every node cache again, starting empty. If the caches cannot be reached, the nodes learn
   * the generation from the store when they reconnect.
   *
   * @param generation of the catalogue, as the store holds it now
   */
  void resumeCaches(long generation) throws InterruptedException;

  /**
   * Makes every node discard what it cached of earlier generations. When it returns, no node
   * answers from one of them.
   *
   * @param generation of the catalogue, already recorded in the store
   * @throws dev.canvas.media.ProblemException if the caches cannot be reached
   */
  void advanceTo(long generation) throws InterruptedException;

  @Override
  void close();
}
