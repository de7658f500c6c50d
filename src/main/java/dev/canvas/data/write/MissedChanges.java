package dev.canvas.data.write;

import dev.canvas.data.store.Commits;
import dev.canvas.data.store.Outbox;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes up for the changes that this node may not have heard. It remembers a moment up to which
 * everything has been heard; after a gap it looks in the store for what has been committed since.
 * While the gap lasts it looks again and again, for at most a tenth of the time. Belongs to one
 * event loop.
 */
public final class MissedChanges {

  private static final Logger LOG = LoggerFactory.getLogger(MissedChanges.class);

  /** More than that is a loaded or restored catalogue, of which nobody is told anyhow. */
  private static final int MAX_CHANGES = 100_000;

  /** A transaction may have taken its version this long before it commits. */
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(15);

  /** How many times as long as a look took the next one waits, while nothing is heard. */
  private static final int REST = 10;

  /** How often and how long it waits for the relay before it begins again. */
  private static final int MAX_WAITS = 100;

  private static final long WAIT_MS = 50;

  private final Vertx vertx;
  private final Commits commits;
  private final Supplier<? extends Future<?>> proof;
  private final Consumer<Outbox.Message> listener;

  /** The result of the last proof after which nothing was missing; null in a gap. */
  private Object hearing;

  /** All that was committed at this moment has been heard; null before the first round. */
  private Commits.Moment heard;

  /** To become {@code heard} when what was committed by then has been relayed and heard. */
  private Commits.Moment next;

  private boolean nextIsRelayed;
  private long lastVersion;
  private long lastVersionNanos;
  private long restUntilNanos = System.nanoTime();

  /**
   * @param proof completes when everything that was told before is heard; its results are equal
   *     while nothing was missed between them
   * @param listener receives the newest state of each product that may have been missed
   */
  public MissedChanges(
      Vertx vertx,
      Commits commits,
      Supplier<? extends Future<?>> proof,
      Consumer<Outbox.Message> listener) {
    this.vertx = vertx;
    this.commits = commits;
    this.proof = proof;
    this.listener = listener;
  }

  /** Looks for a gap, and makes up for it. Fails if the store cannot be asked now. */
  public Future<Void> round() {
    return proof
        .get()
        .transform(
            proven -> {
              Object now = proven.succeeded() ? proven.result() : null;
              return now != null && now.equals(hearing) ? advance() : recover(now);
            });
  }

  private Future<Void> advance() {
    if (next == null) {
      nextIsRelayed = false;
      return commits.now().onSuccess(now -> next = now).mapEmpty();
    }
    if (nextIsRelayed) {
      // The proof of this round came after the relay had told everything.
      heard = next;
      next = null;
      return Future.succeededFuture();
    }
    return commits.isRelayed(next).onSuccess(relayed -> nextIsRelayed = relayed).mapEmpty();
  }

  private Future<Void> recover(Object now) {
    hearing = null;
    next = null;
    long startNanos = System.nanoTime();
    if (now == null && startNanos - restUntilNanos < 0) {
      return Future.succeededFuture();
    }
    return commits
        .now()
        .compose(
            moment -> {
              if (heard != null && now == null && isQuiet(moment, startNanos)) {
                return Future.succeededFuture();
              }
              Future<Void> looked = heard == null ? Future.succeededFuture() : look(null, 0);
              return looked.onSuccess(
                  done -> {
                    heard = moment;
                    hearing = now;
                    long endNanos = System.nanoTime();
                    restUntilNanos = endNanos + REST * (endNanos - startNanos);
                  });
            });
  }

  /** Whether nothing can have been committed since the last look. */
  private boolean isQuiet(Commits.Moment moment, long nowNanos) {
    if (moment.lastVersion() != lastVersion) {
      lastVersion = moment.lastVersion();
      lastVersionNanos = nowNanos;
    }
    return nowNanos - lastVersionNanos > LONGEST_WRITE.toNanos();
  }

  private Future<Void> look(String from, int found) {
    return commits
        .after(heard, from)
        .compose(page -> awaitRelay().map(page))
        .compose(
            page -> {
              List<Outbox.Message> changes = page.changes();
              int total = found + changes.size();
              changes.forEach(listener);
              if (page.next() != null && total > MAX_CHANGES) {
                LOG.warn(
                    "Events: more than {} products have changed while this node did not hear of"
                        + " changes; not all are told",
                    MAX_CHANGES);
                return Future.succeededFuture();
              }
              return page.next() == null ? Future.succeededFuture() : look(page.next(), total);
            });
  }

  /** A change is told only when no cache shows an older state: when the relay has relayed it. */
  private Future<Void> awaitRelay() {
    return commits.now().compose(moment -> awaitRelay(moment, MAX_WAITS));
  }

  private Future<Void> awaitRelay(Commits.Moment moment, int waits) {
    return commits
        .isRelayed(moment)
        .compose(
            relayed -> {
              if (relayed) {
                return Future.succeededFuture();
              }
              return waits == 0
                  ? Future.failedFuture("the changes are not relayed yet")
                  : vertx.timer(WAIT_MS).compose(over -> awaitRelay(moment, waits - 1));
            });
  }
}
