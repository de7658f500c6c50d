package dev.canvas.seed.source;

import java.io.IOException;
import java.sql.SQLException;

/** What a source has, one after the other. Belongs to one thread, but for {@link #share}. */
public interface Records extends AutoCloseable {

  /** Something that may be a product; it is found out later, by another thread. Immutable. */
  interface Unparsed {

    /** Hands over the product, or that it is none. */
    void parseTo(long place, Chunk.Receiver receiver)
        throws IOException, SQLException, InterruptedException;
  }

  /** The next one; null at the end. */
  Unparsed next() throws IOException, SQLException;

  /** The share that has been read, from 0 to 1; -1 where nobody knows. Asked by any thread. */
  double share();

  @Override
  void close() throws IOException, SQLException;
}
