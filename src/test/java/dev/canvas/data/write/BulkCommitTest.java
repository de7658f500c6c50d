package dev.canvas.data.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.admission.FakeClock;
import dev.canvas.data.cache.CacheSettings;
import dev.canvas.data.cache.FakeCache;
import dev.canvas.data.cache.ProcessState;
import dev.canvas.data.store.BulkStore;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.FakeStore;
import dev.canvas.data.store.RelayMark;
import dev.canvas.data.store.Row;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.Change;
import dev.canvas.media.MediaItem;
import dev.canvas.media.Outcome;
import dev.canvas.media.Precondition;
import dev.canvas.media.Problem;
import dev.canvas.media.ProductId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BulkCommitTest {

  private static final Duration SHORT = Duration.ofMillis(600);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final Failing bulks = new Failing();
  private final FakeCache cache = new FakeCache();

  @AfterEach
  void stop() {
    vertx.close();
  }

  @Test
  void changesThatCouldNotBeMadeAreRetriedUntilTheyAre() throws TimeoutException {
    bulks.failures.addAll(List.of(unavailable(), unavailable(), unavailable()));
    List<Outcome> outcomes = write(writes(LONG), 1, 2);
    outcomes.forEach(outcome -> assertInstanceOf(Outcome.Made.class, outcome));
    assertEquals(4, bulks.commits);
    assertEquals(2, cache.repaired.size());
  }

  @Test
  void aChangeWithAnUnknownOutcomeIsNotRetried() throws TimeoutException {
    bulks.failures.add(
        new Writer.OutcomeUnknownException(
            new IllegalStateException("cut"), () -> Promise.<Boolean>promise().future()));
    assertEquals(Problem.OUTCOME_UNKNOWN, problem(write(writes(LONG), 1).get(0)));
    assertEquals(1, bulks.commits);
  }

  @Test
  void aBulkIsRefusedAfterTheMaximumWaitAndLaterOnesAfterOneAttempt() throws TimeoutException {
    GroupCommit commit = writes(SHORT);
    bulks.isUnavailable = true;
    assertEquals(Problem.UNAVAILABLE, problem(write(commit, 1).get(0)));
    assertTrue(bulks.commits > 1, "it was retried meanwhile");
    // The stall began a moment after the first bulk did: it has to be older than the wait as well.
    vertx.timer(SHORT.toMillis()).await(10, TimeUnit.SECONDS);
    int before = bulks.commits;
    assertEquals(Problem.UNAVAILABLE, problem(write(commit, 2).get(0)));
    assertEquals(before + 1, bulks.commits);
    bulks.isUnavailable = false;
    assertInstanceOf(Outcome.Made.class, write(commit, 3).get(0));
    // After a success the next stall is waited for again.
    bulks.failures.add(unavailable());
    assertInstanceOf(Outcome.Made.class, write(commit, 4).get(0));
  }

  @Test
  void afterStopWaitingNothingIsKept() throws TimeoutException {
    GroupCommit commit = writes(LONG);
    bulks.isUnavailable = true;
    Future<List<Outcome>> waiting = begin(commit, 1);
    loop.runOnContext(now -> commit.stopWaiting());
    assertEquals(Problem.UNAVAILABLE, problem(waiting.await(10, TimeUnit.SECONDS).get(0)));
  }

  private GroupCommit writes(Duration maxWait) {
    return new GroupCommit(
        loop,
        new StoreFactory.Connections(new FakeStore(), null, bulks),
        cache,
        new ProcessState(new CacheSettings.Near(false, 1, SHORT)),
        new FakeClock().admission(new SimpleMeterRegistry()),
        new SimpleMeterRegistry(),
        maxWait);
  }

  private List<Outcome> write(GroupCommit commit, long... products) throws TimeoutException {
    return begin(commit, products).await(10, TimeUnit.SECONDS);
  }

  private Future<List<Outcome>> begin(GroupCommit commit, long... products) {
    List<Change> changes = new ArrayList<>();
    for (long id : products) {
      changes.add(new Change.Import(new ProductId(id), List.<MediaItem>of(), Precondition.NONE));
    }
    Promise<List<Outcome>> outcomes = Promise.promise();
    loop.runOnContext(now -> commit.writeAll(changes).onComplete(outcomes));
    return outcomes.future();
  }

  private static Problem problem(Outcome outcome) {
    return assertInstanceOf(Outcome.Refused.class, outcome).problem().problem();
  }

  private static RuntimeException unavailable() {
    return Problem.UNAVAILABLE.because("unreachable");
  }

  /** Has no rows, and fails on command. */
  private static final class Failing implements BulkStore {

    private final Deque<RuntimeException> failures = new ArrayDeque<>();
    private volatile boolean isUnavailable;
    private volatile int commits;

    @Override
    public Future<Void> connect() {
      return Future.succeededFuture();
    }

    @Override
    public Future<List<Row>> select(List<ProductId> productIds) {
      return Future.succeededFuture(
          productIds.stream().map(id -> new Row(id, 0, Optional.empty())).toList());
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public Future<Writer.CommitResult> commit(List<RowWrite> rows) {
      commits++;
      if (isUnavailable || !failures.isEmpty()) {
        return Future.failedFuture(isUnavailable ? unavailable() : failures.remove());
      }
      Map<ProductId, Long> versions = new HashMap<>();
      rows.forEach(row -> versions.put(row.productId(), 7L));
      return Future.succeededFuture(new Writer.CommitResult(versions, Set.of()));
    }

    @Override
    public Future<RelayMark> mark(Collection<CommittedVersion> changes) {
      return Future.failedFuture("not used here");
    }

    @Override
    public void close() {}
  }
}
