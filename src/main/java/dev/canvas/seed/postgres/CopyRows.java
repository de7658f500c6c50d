package dev.canvas.seed.postgres;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Sends rows of a product id, a number and an item array to a table in the binary format of COPY,
 * which spares the server from splitting lines and parsing digits (PostgreSQL, COPY, Binary
 * Format). Belongs to one thread.
 */
final class CopyRows {

  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final short COLUMNS = 3;
  private static final int ROW_OVERHEAD_BYTES = 2 + 4 + 8 + 4 + 8 + 4;
  private static final int BUFFER_BYTES = 1 << 17;

  private final PGConnection connection;
  private final String statement;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private CopyIn copy;

  /**
   * @param table and its three columns: two of type bigint, one of type json
   */
  CopyRows(Connection connection, String table) throws SQLException {
    this.connection = connection.unwrap(PGConnection.class);
    this.statement = "copy " + table + " from stdin (format binary)";
  }

  void begin() throws SQLException {
    copy = connection.getCopyAPI().copyIn(statement);
    buffer.clear().put(HEADER);
  }

  void add(long productId, long number, byte[] items, int length) throws SQLException {
    if (buffer.remaining() < ROW_OVERHEAD_BYTES) {
      flush();
    }
    buffer.putShort(COLUMNS).putInt(8).putLong(productId).putInt(8).putLong(number).putInt(length);
    for (int from = 0; from < length; ) {
      int some = Math.min(length - from, buffer.remaining());
      buffer.put(items, from, some);
      from += some;
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  void end() throws SQLException {
    if (buffer.remaining() < 2) {
      flush();
    }
    buffer.putShort((short) -1);
    flush();
    copy.endCopy();
  }

  /** Discards what was sent since {@link #begin}, unless {@link #end} was called. */
  void cancel() throws SQLException {
    if (copy != null && copy.isActive()) {
      copy.cancelCopy();
    }
  }

  private void flush() throws SQLException {
    copy.writeToCopy(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
