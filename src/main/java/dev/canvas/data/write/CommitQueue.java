package dev.canvas.data.write;

import dev.canvas.data.store.RowWrite;
import dev.canvas.data.store.Writer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Lets commits take turns: what becomes ready while one is under way is committed together, in the
 * next. The server is never without one while rows wait, and there are as few as can be.
 *
 * <p>Belongs to one event loop.
 */
final class CommitQueue {

  /** Rows of one commit, unless one who wants to commit has more. */
  private static final int MAX_ROWS = 128;

  /** Rows that are committed together whatever becomes of others. */
  private record Turn(List<RowWrite> rows, Promise<Writer.Commit> over) {}

  private final Writer writer;
  private final WriteMetrics metrics;
  private final Deque<Turn> waiting = new ArrayDeque<>();
  private int waitingRows;
  private boolean committing;

  CommitQueue(Writer writer, WriteMetrics metrics) {
    this.writer = writer;
    this.metrics = metrics;
  }

  /** Whether the next commit is as large as it may be; more would wait for longer than it. */
  boolean isFull() {
    return waitingRows >= MAX_ROWS;
  }

  /**
   * Commits rows when it is their turn, as {@link Writer#commit} does; with others', but their
   * being refused is theirs alone.
   *
   * @param rows of products that nobody else has rows of here
   */
  Future<Writer.Commit> commit(List<RowWrite> rows) {
    Turn turn = new Turn(rows, Promise.promise());
    waiting.add(turn);
    waitingRows += rows.size();
    next();
    return turn.over.future();
  }

  private void next() {
    if (committing || waiting.isEmpty()) {
      return;
    }
    List<Turn> turns = new ArrayList<>();
    List<RowWrite> rows = new ArrayList<>();
    do {
      turns.add(waiting.remove());
      rows.addAll(turns.get(turns.size() - 1).rows);
    } while (!waiting.isEmpty() && rows.size() + waiting.peek().rows.size() <= MAX_ROWS);
    waitingRows -= rows.size();
    committing = true;
    metrics.grouped(rows.size());
    writer
        .commit(rows)
        .onComplete(
            commit -> {
              committing = false;
              // First, so that the server has work while those who waited are answered.
              next();
              turns.forEach(turn -> turn.over.complete(commit));
            },
            failure -> {
              committing = false;
              next();
              turns.forEach(turn -> fail(turn, failure, turns.size() == 1));
            });
  }

  private void fail(Turn turn, Throwable failure, boolean alone) {
    if (failure instanceof Writer.RefusedException && !alone) {
      writer.commit(turn.rows).onComplete(turn.over);
    } else {
      turn.over.fail(failure);
    }
  }
}
