package dev.canvas.data;

import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where media are written. Belongs to one event loop. */
interface Writer {

  /** How many item ids a block has. */
  int BLOCK = 1_000;

  /**
   * The store has refused; nothing was written.
   *
   * @see #isPassing()
   */
  final class RefusedException extends RuntimeException {

    private final boolean passing;

    RefusedException(Throwable cause, boolean passing) {
      super(cause.getMessage(), cause, false, false);
      this.passing = passing;
    }

    /** Whether the same may be taken when it is tried again: a deadlock, a lock held too long. */
    boolean isPassing() {
      return passing;
    }
  }

  /** No answer came: the rows are written, will be, or will not. */
  final class UnknownException extends RuntimeException {

    private final Worker worker;

    UnknownException(Throwable cause, Worker worker) {
      super(cause.getMessage(), cause, false, false);
      this.worker = worker;
    }

    /** Who has the statement: when it is gone the outcome stands. */
    Worker worker() {
      return worker;
    }
  }

  /**
   * The server's process at the other end of a connection. Immutable.
   *
   * @param began when, as numbers of processes come again
   */
  record Worker(int processId, String began) {}

  /** Connects; fails where the store cannot be reached now. */
  Future<Void> connect();

  /** Whether the store can be written to now. */
  boolean isUp();

  /**
   * Commits rows together, each only if it is still at the version expected. All or none are
   * written where it fails: with {@link dev.canvas.media.ProblemException} or {@link
   * RefusedException} none; with {@link UnknownException} one of both.
   *
   * @param rows of different products
   * @return the new versions of those that were written
   */
  Future<Map<ProductId, Long>> commit(List<RowWrite> rows);

  /** Takes blocks of {@link #BLOCK} item ids that nobody has had; the first of each. */
  Future<List<Long>> itemIdBlocks(int blocks);

  /** Those of some versions whose changes have not been repaired in the cache yet. */
  Future<Set<Long>> unrepaired(Collection<Long> versions);

  /** Whether a worker is gone, so that what it had is committed or never will be; ends it. */
  Future<Boolean> isGone(Worker worker);

  /** Ends the connection. */
  void close();
}
