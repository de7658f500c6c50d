package dev.canvas.data.write;

import dev.canvas.media.Change;
import dev.canvas.media.Outcome;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Commits what comes while a commit is under way together in the next one (group commit; DeWitt et
 * al., Implementation Techniques for Main Memory Database Systems, SIGMOD 1984, section 5.2). What
 * comes is fenced and read meanwhile, one group at a time. A write on an idle service waits for
 * nothing but the end of its tick. Writes of one product are made one after the other.
 *
 * <p>Belongs to one event loop.
 */
public final class GroupCommit {

  /** Products that are fenced and read together. */
  private static final int MAX_GROUP = 128;

  /** Writes that may wait; more are told to come again at once. */
  private static final int MAX_WAITING = 2_048;

  /** Who has waited longer is answered before its caller gives up. */
  private static final int MAX_WAIT_MS = 400;

  private final Context context;
  private final WriteParts parts;
  private final WriteMetrics metrics;
  private final CommitQueue turns;
  private final String tokenPrefix = UUID.randomUUID() + ":";
  private final Deque<PendingWrite> waiting = new ArrayDeque<>();

  /** Those of the groups that are under way. */
  private final Set<ProductId> busy = new HashSet<>();

  private final BulkCommit bulk;
  private boolean preparing;
  private long tokens;
  private boolean starting;

  /**
   * @param bulkPatience how long a bulk waits for a store that stands still
   */
  public GroupCommit(
      Context context, WriteParts parts, WriteMetrics metrics, Duration bulkPatience) {
    this.context = context;
    this.parts = parts;
    this.metrics = metrics;
    this.turns = new CommitQueue(parts.writer(), metrics);
    this.bulk = new BulkCommit(context.owner(), parts, metrics, bulkPatience, this::again);
  }

  /** Makes a change; the answer comes when it is durable. */
  public Future<Written> write(Change change) {
    PendingWrite write = new PendingWrite(change);
    if (waiting.size() >= MAX_WAITING) {
      write
          .answer()
          .fail(Problem.UNAVAILABLE.because("Too many writes wait; ask again in a second"));
    } else {
      waiting.add(write);
      startLater();
    }
    return write.answer().future().onComplete(metrics);
  }

  /**
   * Makes changes of a bulk, beside those that come singly: what cannot be done there at once is
   * done here.
   */
  public Future<List<Outcome>> writeAll(List<Change> changes) {
    return bulk.write(changes);
  }

  /** Has no bulk wait any more for what cannot be made now. */
  public void close() {
    bulk.close();
  }

  private void startLater() {
    if (!starting) {
      starting = true;
      context.runOnContext(
          endOfTick -> {
            starting = false;
            start();
          });
    }
  }

  private void start() {
    if (preparing || turns.isFull()) {
      return;
    }
    List<PendingWrite> pending = next();
    if (pending.isEmpty()) {
      return;
    }
    preparing = true;
    WriteGroup group = new WriteGroup(parts, turns, pending, tokenPrefix + tokens++, this::again);
    group
        .prepare()
        .onComplete(
            prepared -> {
              preparing = false;
              group
                  .commit()
                  .onComplete(
                      over -> {
                        pending.forEach(write -> busy.remove(write.productId()));
                        startLater();
                      });
              start();
            });
  }

  private List<PendingWrite> next() {
    List<PendingWrite> group = new ArrayList<>();
    for (Iterator<PendingWrite> each = waiting.iterator();
        each.hasNext() && group.size() < MAX_GROUP; ) {
      PendingWrite write = each.next();
      if (write.ageMs() > MAX_WAIT_MS) {
        each.remove();
        write
            .answer()
            .fail(
                Problem.UNAVAILABLE.because(
                    "The write waited %d ms for others; ask again in a second", write.ageMs()));
      } else if (busy.add(write.productId())) {
        each.remove();
        group.add(write);
      }
    }
    return group;
  }

  /** Nobody has to wait again because others came first. */
  private void again(PendingWrite write) {
    waiting.addFirst(write);
    startLater();
  }
}
