package dev.canvas.seed.source;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * Reads the records of a file or a table one by one. Use it from one thread, except for {@link
 * #fractionRead}.
 */
public interface RecordReader extends AutoCloseable {

  /** A record that was read and not yet parsed: another thread parses it later. Immutable. */
  interface RawRecord {

    /** Parses the record, then passes it on as a product or as an invalid record. */
    void parseTo(long position, ProductSource.Receiver receiver)
        throws IOException, SQLException, InterruptedException;
  }

  /** Reads the next record; null at the end. */
  RawRecord next() throws IOException, SQLException;

  /** What was left out without being invalid, for the operator. Complete after the last record. */
  default List<String> notes() {
    return List.of();
  }

  /** The fraction read so far, from 0 to 1; -1 if it is unknown. Any thread may call it. */
  double fractionRead();

  @Override
  void close() throws IOException, SQLException;
}
