package dev.canvas.control;

/**
 * Those who keep what they have read from the store, on all nodes. Blocking; belongs to one thread.
 */
public interface CatalogueSwitch extends AutoCloseable {

  /**
   * Has them all ask the store; when it returns none of them answers from what it has kept.
   *
   * @throws dev.canvas.media.ProblemException where they cannot be told
   */
  void distrust() throws InterruptedException;

  /**
   * Lets them keep what they read again, in a place where nothing is yet. Where they cannot be told
   * they find out themselves.
   *
   * @param generation of the catalogue as it is from now on
   */
  void trust(long generation) throws InterruptedException;

  /**
   * Has them keep nothing but what they read of a generation that has begun; when it returns none
   * of them answers from an older one.
   *
   * @throws dev.canvas.media.ProblemException where they cannot be told
   */
  void move(long generation) throws InterruptedException;

  @Override
  void close();
}
