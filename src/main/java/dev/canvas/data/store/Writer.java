package dev.canvas.data.store;

import dev.canvas.media.ItemIdRules;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where media are written. Belongs to one event loop. */
public interface Writer {

  /** How many item ids a block has. */
  int BLOCK = ItemIdRules.BLOCK;

  /**
   * The store has refused; nothing was written.
   *
   * @see #isPassing()
   */
  final class RefusedException extends RuntimeException {

    private final boolean passing;

    public RefusedException(Throwable cause, boolean passing) {
      super(cause.getMessage(), cause, false, false);
      this.passing = passing;
    }

    /** Whether the same may be taken when it is tried again: a deadlock, a lock held too long. */
    public boolean isPassing() {
      return passing;
    }
  }

  /** No answer came: the rows are written, will be, or will not. */
  final class UnknownException extends RuntimeException {

    private final Worker worker;

    public UnknownException(Throwable cause, Worker worker) {
      super(cause.getMessage(), cause, false, false);
      this.worker = worker;
    }

    /** Who has what was sent: when it is gone the outcome stands. */
    public Worker worker() {
      return worker;
    }
  }

  /** Who works on a commit at the server's side. */
  interface Worker {

    /** Whether it is gone, so that what it had is committed or never will be; ends it if it can. */
    Future<Boolean> isGone();
  }

  /**
   * What came of a commit. Immutable.
   *
   * @param versions the new ones of the rows that were written
   * @param refused the rows that the store takes from nobody
   */
  record Commit(Map<ProductId, Long> versions, Set<ProductId> refused) {}

  /** Connects; fails where the store cannot be reached now. */
  Future<Void> connect();

  /** Whether the store can be written to now. */
  boolean isUp();

  /**
   * Commits rows together, each only if it is still at the version expected. Where it fails with
   * {@link dev.canvas.media.ProblemException} or {@link RefusedException} none is written; with
   * {@link UnknownException} any may be.
   *
   * @param rows of different products
   * @return what was written; what is neither there nor refused was changed by others
   */
  Future<Commit> commit(List<RowWrite> rows);

  /** Takes blocks of {@link #BLOCK} item ids that nobody has had; the first of each. */
  Future<List<Long>> itemIdBlocks(int blocks);

  /**
   * Has the ids of all blocks that are taken from now on be above one that came with an import;
   * answers one from which on they are.
   */
  Future<Long> exceedItemId(long itemId);

  /** Those of some changes that have not been repaired in the cache yet. */
  Future<Set<PendingChange>> unrepaired(Collection<PendingChange> changes);

  /** Ends the connection. */
  void close();
}
