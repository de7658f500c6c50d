package dev.canvas.seed.source;

import java.io.IOException;
import java.sql.SQLException;

/** Products that are loaded together or not at all. Belongs to one thread. */
public interface Chunk {

  /** Takes what a chunk has. */
  interface Receiver {

    /**
     * A product.
     *
     * @param place in the source, from 0: of several of one product the last counts
     * @param items its item array as it is to be stored and served; the caller reuses it
     * @param length of the item array in those bytes
     * @param highestItemId of its items
     */
    void product(long place, long productId, byte[] items, int length, long highestItemId)
        throws IOException, SQLException, InterruptedException;

    /** Something that is no product. */
    void reject(Reject reject) throws IOException;
  }

  /** Its place among the chunks of the source, from 0. */
  int number();

  /** Hands over what it has, in order. */
  void drainTo(Receiver receiver) throws IOException, SQLException, InterruptedException;
}
