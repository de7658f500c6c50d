package dev.canvas.seed.source;

/**
 * Where products come from, dealt to streams in chunks. The same source, dealt to as many streams
 * in chunks of the same size, gives the same chunks again: a run that was interrupted goes on by
 * their numbers.
 */
public interface ProductSource extends AutoCloseable {

  /** How many products there are; -1 where nobody knows before the end. */
  long products();

  /** The share that has been read, from 0 to 1; -1 where only the products tell. */
  double share();

  /**
   * The next chunk for a stream, whose last one is over.
   *
   * @param stream its number, from 0; asked by one thread for each
   * @return null at the end
   */
  Chunk next(int stream) throws InterruptedException;

  /** Ends the reading, also while others wait for it. */
  @Override
  void close();
}
