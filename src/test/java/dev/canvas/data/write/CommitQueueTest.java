package dev.canvas.data.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.ProductId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommitQueueTest {

  private final Committing writer = new Committing();
  private final CommitQueue turns =
      new CommitQueue(writer, new WriteMetrics(new SimpleMeterRegistry()));

  @Test
  void aSingleCommitIsSentAtOnce() {
    turns.commit(rows(1, 2));
    assertEquals(List.of(List.of(1L, 2L)), writer.asked);
  }

  @Test
  void groupsThatBecomeReadyMeanwhileAreCommittedTogether() {
    turns.commit(rows(1));
    Future<Writer.CommitResult> second = turns.commit(rows(2, 3));
    Future<Writer.CommitResult> third = turns.commit(rows(4));
    assertEquals(List.of(List.of(1L)), writer.asked);
    writer.succeed(0);
    assertEquals(List.of(List.of(1L), List.of(2L, 3L, 4L)), writer.asked);
    assertFalse(second.isComplete());
    writer.succeed(1);
    assertTrue(second.succeeded());
    assertTrue(third.succeeded());
  }

  @Test
  void theNextCommitIsSentBeforeTheAnswers() {
    Future<Writer.CommitResult> first = turns.commit(rows(1));
    turns.commit(rows(2));
    List<Integer> sentWhenAnswered = new ArrayList<>();
    first.onSuccess(done -> sentWhenAnswered.add(writer.asked.size()));
    writer.succeed(0);
    assertEquals(List.of(2), sentWhenAnswered);
  }

  @Test
  void groupsThatAreRejectedTogetherAreSentAlone() {
    turns.commit(rows(1));
    Future<Writer.CommitResult> good = turns.commit(rows(2));
    Future<Writer.CommitResult> bad = turns.commit(rows(3));
    writer.succeed(0);
    writer.fail(1, new Writer.RefusedException(new IllegalStateException("bad"), false));
    assertEquals(List.of(2L), writer.asked.get(2));
    assertEquals(List.of(3L), writer.asked.get(3));
    writer.succeed(2);
    writer.fail(3, new Writer.RefusedException(new IllegalStateException("bad"), false));
    assertTrue(good.succeeded());
    assertInstanceOf(Writer.RefusedException.class, bad.cause());
  }

  @Test
  void anUnknownOutcomeAppliesToAllGroups() {
    turns.commit(rows(1));
    Future<Writer.CommitResult> second = turns.commit(rows(2));
    Future<Writer.CommitResult> third = turns.commit(rows(3));
    writer.succeed(0);
    writer.fail(1, new Writer.OutcomeUnknownException(new IllegalStateException("late"), null));
    assertInstanceOf(Writer.OutcomeUnknownException.class, second.cause());
    assertInstanceOf(Writer.OutcomeUnknownException.class, third.cause());
    assertEquals(2, writer.asked.size());
  }

  @Test
  void aCommitHasAtMostTheMaximumOfRows() {
    turns.commit(rows(1));
    turns.commit(rows(IntStream.rangeClosed(1_001, 1_100).toArray()));
    assertFalse(turns.isFull());
    turns.commit(rows(IntStream.rangeClosed(2_001, 2_100).toArray()));
    assertTrue(turns.isFull());
    writer.succeed(0);
    assertEquals(100, writer.asked.get(1).size());
    assertFalse(turns.isFull());
    writer.succeed(1);
    assertEquals(100, writer.asked.get(2).size());
  }

  private static List<RowWrite> rows(int... products) {
    return IntStream.of(products)
        .mapToObj(id -> new RowWrite(new ProductId(id), 0, null, Optional.empty()))
        .toList();
  }

  /** Answers on command. */
  private static final class Committing implements Writer {

    private final List<List<Long>> asked = new ArrayList<>();
    private final List<Promise<CommitResult>> answers = new ArrayList<>();

    void succeed(int commit) {
      answers.get(commit).complete(new CommitResult(Map.of(), Set.of()));
    }

    void fail(int commit, Throwable failure) {
      answers.get(commit).fail(failure);
    }

    @Override
    public Future<CommitResult> commit(List<RowWrite> rows) {
      asked.add(rows.stream().map(row -> row.productId().value()).toList());
      answers.add(Promise.promise());
      return answers.get(answers.size() - 1).future();
    }

    @Override
    public Future<Void> connect() {
      return Future.succeededFuture();
    }

    @Override
    public boolean isUp() {
      return true;
    }

    @Override
    public Future<List<Long>> itemIdBlocks(int blocks) {
      return Future.failedFuture("not used here");
    }

    @Override
    public Future<Long> reserveItemIdsThrough(long itemId) {
      return Future.failedFuture("not used here");
    }

    @Override
    public Future<Set<CommittedVersion>> unrelayed(Collection<CommittedVersion> changes) {
      return Future.failedFuture("not used here");
    }

    @Override
    public void close() {}
  }
}
