package dev.canvas.seed;

import java.sql.SQLException;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The store that a run loads. Blocking. {@link #stream} may be called by any thread; all else
 * belongs to the thread of the run.
 */
public interface Target extends AutoCloseable {

  /**
   * A run that has begun, or goes on. Immutable.
   *
   * @param number names it
   * @param request as it was made when the run began
   * @param streams as many load
   * @param batch products that go in together
   * @param chunks those that are in already
   * @param loaded what came of them
   */
  record Begun(
      long number,
      SeedRequest request,
      int streams,
      int batch,
      Set<Integer> chunks,
      Tally loaded) {}

  /** Loads chunks, one after the other. Belongs to one thread. */
  interface Stream extends AutoCloseable {

    /** Begins a chunk. */
    void begin(int chunk) throws SQLException;

    /** A product of the chunk; the bytes are the caller's again afterwards. */
    void add(long place, long productId, byte[] items, int length, long highestItemId)
        throws SQLException, InterruptedException;

    /** Ends a chunk: it is in, and known to be in, whatever happens afterwards. */
    void commit(Tally tally) throws SQLException, InterruptedException;

    /** Ends the stream, with nothing left of a chunk that was not committed. */
    @Override
    void close() throws SQLException;
  }

  /**
   * Begins a run, or goes on with the last one, as is wished for. Nobody else loads until {@link
   * #close}.
   *
   * @throws dev.canvas.media.ProblemException where somebody else loads, or there is nothing to go
   *     on with
   */
  Begun begin(SeedRequest request) throws SQLException, InterruptedException;

  /** Notes how many products there are to be. */
  void expect(long products) throws SQLException, InterruptedException;

  /** A new stream, to be closed by the caller. */
  Stream stream() throws SQLException;

  /**
   * Makes what was loaded the catalogue; when it returns no reader gets anything older.
   *
   * @param entered told of each phase
   */
  void finish(Consumer<SeedProgress.Phase> entered) throws SQLException, InterruptedException;

  /** Notes that the run ends without its end; it may go on later. */
  void giveUp(boolean cancelled) throws SQLException, InterruptedException;

  @Override
  void close() throws SQLException;
}
