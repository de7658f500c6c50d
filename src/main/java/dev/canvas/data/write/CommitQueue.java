package dev.canvas.data.write;

import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Sends one commit at a time. The groups that become ready while a commit is in progress are sent
 * together in the next one, so the server always has work while rows wait, in as few commits as
 * possible.
 *
 * <p>Belongs to one event loop.
 */
final class CommitQueue {

  /** The most rows of a commit, unless a single group has more. */
  private static final int MAX_ROWS = 128;

  /** The rows of one group; a rejection of them does not affect other groups. */
  private record Group(List<RowWrite> rows, Promise<Writer.CommitResult> result) {}

  private final Writer writer;
  private final WriteMetrics metrics;
  private final Deque<Group> waiting = new ArrayDeque<>();
  private int waitingRows;
  private boolean committing;

  CommitQueue(Writer writer, WriteMetrics metrics) {
    this.writer = writer;
    this.metrics = metrics;
  }

  /** Whether the next commit is full; further rows would wait for longer than that one takes. */
  boolean isFull() {
    return waitingRows >= MAX_ROWS;
  }

  /**
   * Commits rows as {@link Writer#commit} does, together with other groups. If the store rejects
   * the commit, each group is sent again by itself.
   *
   * @param rows of products of which no other group here has rows
   */
  Future<Writer.CommitResult> commit(List<RowWrite> rows) {
    Group group = new Group(rows, Promise.promise());
    waiting.add(group);
    waitingRows += rows.size();
    sendNext();
    return group.result.future();
  }

  private void sendNext() {
    if (committing || waiting.isEmpty()) {
      return;
    }
    List<Group> groups = new ArrayList<>();
    List<RowWrite> rows = new ArrayList<>();
    do {
      groups.add(waiting.remove());
      rows.addAll(groups.get(groups.size() - 1).rows);
    } while (!waiting.isEmpty() && rows.size() + waiting.peek().rows.size() <= MAX_ROWS);
    waitingRows -= rows.size();
    committing = true;
    metrics.countGroup(rows.size());
    writer
        .commit(rows)
        .onComplete(
            result -> {
              committing = false;
              // First, so that the server has work while the callers are answered.
              sendNext();
              groups.forEach(group -> group.result.complete(result));
            },
            failure -> {
              committing = false;
              sendNext();
              groups.forEach(group -> fail(group, failure, groups.size() == 1));
            });
  }

  private void fail(Group group, Throwable failure, boolean alone) {
    if (failure instanceof Writer.RefusedException && !alone) {
      writer.commit(group.rows).onComplete(group.result);
    } else {
      group.result.fail(failure);
    }
  }
}
