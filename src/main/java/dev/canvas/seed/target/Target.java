package dev.canvas.seed.target;

import java.sql.SQLException;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A store that is open for one load. Blocking. Any thread may call {@link #openStream}; all other
 * methods belong to the thread of the run.
 */
public interface Target extends AutoCloseable {

  /**
   * What a run has to do, and what it has already done. Immutable.
   *
   * @param run the number of the run
   * @param request as it was made when the run began
   * @param streams that load in parallel
   * @param batch products in a chunk
   * @param doneChunks chunks that are committed
   * @param tally the totals of those chunks
   */
  record RunPlan(
      long run,
      SeedRequest request,
      int streams,
      int batch,
      Set<Integer> doneChunks,
      Tally tally) {}

  /**
   * The totals of some chunks. Immutable.
   *
   * @param loaded products handed to the store
   * @param rejected invalid records
   * @param bytes of the item arrays
   */
  record Tally(long loaded, long rejected, long bytes) {

    /** The totals of no chunk. */
    public static final Tally NONE = new Tally(0, 0, 0);

    /** Adds the totals of other chunks. */
    public Tally plus(Tally other) {
      return new Tally(loaded + other.loaded, rejected + other.rejected, bytes + other.bytes);
    }
  }

  /** Loads chunks one after the other. Belongs to one thread. */
  interface Stream extends AutoCloseable {

    /** Begins a chunk. */
    void begin(int chunk) throws SQLException;

    /**
     * Adds a product to the chunk.
     *
     * @param position in the source; it orders several records of one product
     * @param items valid during the call only
     */
    void add(long position, long productId, byte[] items, int length, long highestItemId)
        throws SQLException, InterruptedException;

    /** Commits the chunk, and records that it is done. */
    void commit(Tally tally) throws SQLException, InterruptedException;

    /** Closes the stream, and discards a chunk that is not committed. */
    @Override
    void close() throws SQLException;
  }

  /**
   * Begins a run, or resumes the last one, as the request says. No other process can load until
   * {@link #close}.
   *
   * @throws dev.canvas.media.ProblemException if another load is running, or there is none to
   *     resume
   */
  RunPlan begin(SeedRequest request) throws SQLException, InterruptedException;

  /** Records how many products the run is going to load. */
  void expect(long products) throws SQLException, InterruptedException;

  /** Opens a stream; the caller closes it. */
  Stream openStream() throws SQLException;

  /**
   * Publishes what was loaded. When it returns, no reader gets anything older.
   *
   * @param entered is called as each phase begins
   */
  void finish(Consumer<SeedProgress.Phase> entered) throws SQLException, InterruptedException;

  /** Records that the run stops before its end; it can be resumed. */
  void stop(boolean cancelled) throws SQLException, InterruptedException;

  @Override
  void close() throws SQLException;
}
