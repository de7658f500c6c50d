package dev.canvas.data.write;

import dev.canvas.data.admission.Admission;
import dev.canvas.data.admission.Kind;
import dev.canvas.data.cache.Cache;
import dev.canvas.data.cache.ProcessState;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.media.Change;
import dev.canvas.media.Outcome;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import io.micrometer.core.instrument.MeterRegistry;
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
 * Writes products: many changes in one commit, and the cache never stale afterwards. Belongs to one
 * event loop.
 *
 * <h2>What it promises</h2>
 *
 * A change is answered when it is durable and no read that begins later can return the state before
 * it, on any node (for near caches of other nodes see {@code NearCache}). Each change is atomic and
 * is decided on the row that it replaces. A change that fails with {@code unavailable} has not been
 * made; one that fails with {@code outcome-unknown} may have been.
 *
 * <h2>Grouping</h2>
 *
 * What arrives while a commit is in progress goes into the next one, so that one flush of the log
 * serves many writes (group commit; DeWitt et al., Implementation Techniques for Main Memory
 * Database Systems, SIGMOD 1984, section 5.2). A write on an idle service waits only for the end of
 * its event-loop tick. The work is a pipeline of two stages, each of which has one group at a time:
 *
 * <ol>
 *   <li><b>Prepare</b> ({@link FencedCommit#prepare}): fence the products in Redis and read their
 *       rows in parallel, then decide each change.
 *   <li><b>Commit</b> ({@link FencedCommit#commit} through {@link CommitQueue}): every group that
 *       is prepared when a commit ends is sent in the next one. There is never more than one commit
 *       of this event loop in progress, and no more is prepared than one commit holds.
 * </ol>
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li>A product is in one group at a time ({@link #busy}), from the fence until the install has
 *       been answered. Writes of one product are therefore made in the order of their arrival, and
 *       the next fence of the product finds nothing of the last group.
 *   <li>A row is written only if it still has the version that was read (compare and set). So the
 *       read may run in parallel to the fence, and other event loops and nodes need no lock: the
 *       loser of a race is prepared again, up to 32 times.
 *   <li>The fence is set before the commit is sent, and stands until the install. Between the two a
 *       reader goes to the store and fills nothing.
 *   <li>Rows are locked in the order of their ids, so commits of different event loops never
 *       deadlock.
 *   <li>A fence stands for five seconds. A write waits to be prepared without one. Once it has one,
 *       it waits for one or two commits only, whose statements have a timeout of a second or two;
 *       so the fence outlasts the commit.
 * </ul>
 *
 * <h2>Failures</h2>
 *
 * <ul>
 *   <li><b>Redis does not answer the fence</b>: the commit goes on. This process rejects cached
 *       values of the products ({@code MinimumVersions}), and answers when the cache is repaired or
 *       no node trusts it any more ({@link PendingRepairs}).
 *   <li><b>Redis does not answer the install</b>: the same, because the fence may be lost.
 *   <li><b>Redis loses the fence</b> (eviction, {@code FLUSHALL}): the install finds no fence of
 *       its own, caches nothing, and ends leases and older values.
 *   <li><b>Another writer fences the same product</b>: the fence is shared, and nobody installs a
 *       value, because the order of the commits is not known in Redis.
 *   <li><b>The store rejects the commit</b>: each group of it is sent again alone, then each row,
 *       so that a bad row does not fail its neighbours.
 *   <li><b>The store does not answer the commit</b>: the callers get {@code outcome-unknown}. The
 *       fence is renewed until the server has stopped executing the commit ({@link
 *       UnknownCommitResolver}).
 *   <li><b>This process dies</b>: before the commit, the fence expires and nothing has happened.
 *       After it, the outbox has the change, which was committed with it; the relay of any node
 *       repairs the cache, and the fence keeps readers off the old value until then.
 *   <li><b>Overload</b>: what cannot be answered in time is refused at once, and what has waited
 *       for too long is refused while its caller still listens ({@link WriteAdmission}).
 * </ul>
 *
 * <p>Bulk imports are committed by {@link BulkCommit} without fences, beside the single writes, and
 * come here only with changes that conflict.
 *
 * <p>Decisions: {@code docs/adr/0006-compare-and-set-writes-in-groups.md}, {@code
 * docs/adr/0009-no-write-allocate.md}, {@code docs/adr/0012-bulk-import-without-fences.md}, {@code
 * docs/adr/0016-pipelined-writes.md}. {@code WritesIT} has the ordinary cases; {@code HistoryIT}
 * and the mutants of {@code MutantsIT} check the promise under faults.
 */
public final class GroupCommit {

  /** The most products of a group. */
  private static final int MAX_GROUP = 128;

  private final Context context;
  private final WriteAdmission admission;
  private final CommitQueue queue;
  private final FencedCommit commits;
  private final BulkCommit bulk;
  private final PendingRepairs repairs;
  private final UnknownCommitResolver resolver;
  private final WriteMetrics metrics;
  private final String tokenPrefix = UUID.randomUUID() + ":";
  private final Deque<PendingWrite> waiting = new ArrayDeque<>();

  /** The products of the groups in progress. */
  private final Set<ProductId> busy = new HashSet<>();

  private boolean preparing;
  private long tokens;
  private boolean starting;

  /**
   * @param process shared by the event loops of the process
   * @param admission decides which writes are taken on
   * @param bulkTimeout how long a bulk import waits for a store that stalls or is unreachable
   */
  public GroupCommit(
      Context context,
      StoreFactory.Connections stores,
      Cache cache,
      ProcessState process,
      Admission admission,
      MeterRegistry registry,
      Duration bulkTimeout) {
    this.context = context;
    this.admission = new WriteAdmission(admission);
    this.metrics = new WriteMetrics(registry);
    this.repairs =
        new PendingRepairs(
            context.owner(),
            stores.bulkStore(),
            stores.store().cacheTrust(),
            cache,
            process.minimumVersions());
    this.resolver =
        new UnknownCommitResolver(
            context.owner(), stores.store(), cache, process.minimumVersions(), repairs);
    this.queue = new CommitQueue(stores.writer(), metrics);
    ItemIdAllocator itemIds = new ItemIdAllocator(context.owner(), stores.writer());
    WriteAcknowledger acknowledger = new WriteAcknowledger(process, repairs, resolver);
    this.commits =
        new FencedCommit(
            stores, queue, cache, process.minimumVersions(), itemIds, acknowledger, this::retry);
    this.bulk =
        new BulkCommit(
            context.owner(),
            new UnfencedCommit(
                stores.bulkStore(),
                cache,
                process.minimumVersions(),
                itemIds,
                acknowledger,
                this::writeSingly),
            admission.gate(Kind.BULK),
            repairs,
            metrics,
            bulkTimeout);
  }

  /** Makes a change; completes when it is durable and no longer hidden by a cache. */
  public Future<Written> write(Change change) {
    PendingWrite write = new PendingWrite(change);
    if (admission.admit(write)) {
      waiting.add(write);
      startLater();
    }
    return write.answer().future().onComplete(metrics);
  }

  /** Makes the changes of a bulk import, each for itself; never fails. */
  public Future<List<Outcome>> writeAll(List<Change> changes) {
    return bulk.write(changes);
  }

  /**
   * Makes bulk imports fail instead of waiting for the store; to be called before the last answers.
   */
  public void stopWaiting() {
    bulk.stopWaiting();
  }

  /** Stops everything that runs in the background. */
  public void close() {
    stopWaiting();
    repairs.close();
    resolver.close();
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
    if (preparing || queue.isFull()) {
      return;
    }
    List<PendingWrite> group = nextGroup();
    if (group.isEmpty()) {
      return;
    }
    preparing = true;
    commits
        .prepare(group, tokenPrefix + tokens++)
        .onComplete(
            prepared -> {
              preparing = false;
              commits
                  .commit(prepared.result())
                  .onComplete(
                      done -> {
                        for (PendingWrite write : group) {
                          busy.remove(write.productId());
                          admission.leave(write);
                        }
                        startLater();
                      });
              start();
            });
  }

  private List<PendingWrite> nextGroup() {
    List<PendingWrite> group = new ArrayList<>();
    for (Iterator<PendingWrite> each = waiting.iterator();
        each.hasNext() && group.size() < MAX_GROUP; ) {
      PendingWrite write = each.next();
      if (admission.refuseIfLate(write)) {
        each.remove();
      } else if (busy.add(write.productId())) {
        each.remove();
        group.add(write);
      }
    }
    return group;
  }

  /** Makes a change of a bulk import, which has been admitted. */
  private void writeSingly(PendingWrite write) {
    admission.restartWait(write);
    retry(write);
  }

  /** Puts a change first, so that it does not wait again behind those that overtook it. */
  private void retry(PendingWrite write) {
    admission.enter(write);
    waiting.addFirst(write);
    startLater();
  }
}
