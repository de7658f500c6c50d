package dev.canvas.data.store;

import dev.canvas.media.ItemIdRules;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes media to the store. Belongs to one event loop. */
public interface Writer {

  /** The number of item ids in a block. */
  int BLOCK = ItemIdRules.BLOCK;

  /**
   * A conditional write of one row (compare and set), based on the row that was read. Immutable.
   *
   * @param expected the version that was read, 0 if there was no row; the row is written only if it
   *     still has this version
   * @param revision the {@link Row#revision} that was read
   * @param items the new item array; empty for a tombstone
   */
  record RowWrite(ProductId productId, long expected, String revision, Optional<Buffer> items) {}

  /**
   * The result of a commit. A row in neither collection has been changed by another writer since it
   * was read, and was not written. Immutable.
   *
   * @param versions the new versions of the rows that were written
   * @param refused the rows that the store rejects from any writer
   */
  record CommitResult(Map<ProductId, Long> versions, Set<ProductId> refused) {}

  /** The store rejected the commit; nothing was written. Has no stack trace. */
  final class RefusedException extends RuntimeException {

    private final boolean isTransient;

    public RefusedException(Throwable cause, boolean isTransient) {
      super(cause.getMessage(), cause, false, false);
      this.isTransient = isTransient;
    }

    /** Whether a retry may succeed, as after a deadlock or a lock timeout. */
    public boolean isTransient() {
      return isTransient;
    }
  }

  /**
   * The commit was sent and no answer came. Its rows have been written, will be written, or never
   * will be. Has no stack trace.
   */
  final class OutcomeUnknownException extends RuntimeException {

    private final InFlightCommit inFlightCommit;

    public OutcomeUnknownException(Throwable cause, InFlightCommit inFlightCommit) {
      super(cause.getMessage(), cause, false, false);
      this.inFlightCommit = inFlightCommit;
    }

    /** The commit at the server. Once it has ended, the store shows the outcome. */
    public InFlightCommit inFlightCommit() {
      return inFlightCommit;
    }
  }

  /** A commit that the server may still be executing. */
  interface InFlightCommit {

    /**
     * Whether the server has stopped executing it, so that it has either taken effect or never
     * will. Cancels it if the store can.
     */
    Future<Boolean> hasEnded();
  }

  /** Connects; fails if the store cannot be reached now. */
  Future<Void> connect();

  /** Whether the store accepts writes now. */
  boolean isUp();

  /**
   * Commits rows together, each only if it still has the expected version. If it fails with {@link
   * dev.canvas.media.ProblemException} or {@link RefusedException}, no row is written. If it fails
   * with {@link OutcomeUnknownException}, any row may be.
   *
   * @param rows of different products
   */
  Future<CommitResult> commit(List<RowWrite> rows);

  /**
   * Allocates blocks of {@link #BLOCK} item ids that have never been used.
   *
   * @return the first id of each block
   */
  Future<List<Long>> itemIdBlocks(int blocks);

  /**
   * Ensures that every block allocated from now on is above the given id, which an import brings.
   *
   * @return an id that every later block is at or above
   */
  Future<Long> reserveItemIdsThrough(long itemId);

  /** Closes the connection. */
  void close();
}
