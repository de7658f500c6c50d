package dev.canvas.seed.source;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * Supplies the products of a load in chunks, which several streams consume at once.
 *
 * <p>The split is reproducible: the same source, read with the same number of streams and the same
 * batch size, yields the same chunks. A resumed load relies on this to skip the chunks that it has
 * already committed.
 */
public interface ProductSource extends AutoCloseable {

  /** Products that are committed together or not at all. Used by one thread. */
  interface Chunk {

    /** The position among the chunks of the source, from 0. */
    int number();

    /** Passes every record of the chunk to the receiver, in order. */
    void drainTo(Receiver receiver) throws IOException, SQLException, InterruptedException;
  }

  /** Receives the records of a chunk. */
  interface Receiver {

    /**
     * Receives a valid product.
     *
     * @param position in the source, from 0; it orders several records of one product
     * @param items the item array as it is stored and served; the caller reuses the bytes
     * @param length of the item array in those bytes
     * @param highestItemId among the items; 0 if none has an id
     */
    void product(long position, long productId, byte[] items, int length, long highestItemId)
        throws IOException, SQLException, InterruptedException;

    /**
     * Receives what was left out of a product that it has received, because it is invalid and the
     * load keeps the rest.
     */
    void leftOut(InvalidRecord invalid);

    /** Receives a record that is not a valid product. */
    void reject(InvalidRecord invalid) throws IOException;
  }

  /**
   * A record of a source that is not a valid product. Immutable.
   *
   * @param line where the record begins, from 1; the ID for a row of a table
   * @param reason what was expected
   * @param text the record itself
   */
  record InvalidRecord(long line, String reason, String text) {}

  /** The number of products; -1 while it is unknown. */
  long products();

  /** What was left out without being invalid, for the operator. Complete after the last chunk. */
  default List<String> notes() {
    return List.of();
  }

  /** The fraction read so far, from 0 to 1; -1 if only the number of products tells. */
  double fractionRead();

  /**
   * Returns the next chunk for a stream, once the stream has drained its last one.
   *
   * @param stream its number, from 0; one thread at a time asks for each
   * @return null at the end of the source
   */
  Chunk next(int stream) throws InterruptedException;

  /** Stops reading. Threads that wait for a chunk fail. May be called by any thread. */
  @Override
  void close();
}
