package dev.canvas.data.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.data.store.Writer;
import dev.canvas.data.store.Writer.RowWrite;
import dev.canvas.media.ProductId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommitQueueTest {

  private final Committing writer = new Committing();
  private final CommitQueue queue =
      new CommitQueue(writer, new WriteMetrics(new SimpleMeterRegistry()));

  @Test
  void aSingleCommitIsSentAtOnce() {
    queue.commit(rows(1, 2));
    assertEquals(List.of(List.of(1L, 2L)), writer.sent);
  }

  @Test
  void groupsThatBecomeReadyMeanwhileAreCommittedTogether() {
    queue.commit(rows(1));
    Future<Writer.CommitResult> second = queue.commit(rows(2, 3));
    Future<Writer.CommitResult> third = queue.commit(rows(4));
    assertEquals(List.of(List.of(1L)), writer.sent);
    writer.succeed(0);
    assertEquals(List.of(List.of(1L), List.of(2L, 3L, 4L)), writer.sent);
    assertFalse(second.isComplete());
    writer.succeed(1);
    assertTrue(second.succeeded());
    assertTrue(third.succeeded());
  }

  @Test
  void theNextCommitIsSentBeforeTheAnswers() {
    Future<Writer.CommitResult> first = queue.commit(rows(1));
    queue.commit(rows(2));
    List<Integer> sentWhenAnswered = new ArrayList<>();
    first.onSuccess(done -> sentWhenAnswered.add(writer.sent.size()));
    writer.succeed(0);
    assertEquals(List.of(2), sentWhenAnswered);
  }

  @Test
  void groupsThatAreRejectedTogetherAreSentAlone() {
    queue.commit(rows(1));
    Future<Writer.CommitResult> good = queue.commit(rows(2));
    Future<Writer.CommitResult> bad = queue.commit(rows(3));
    writer.succeed(0);
    writer.fail(1, new Writer.RefusedException(new IllegalStateException("bad"), false));
    assertEquals(List.of(2L), writer.sent.get(2));
    assertEquals(List.of(3L), writer.sent.get(3));
    writer.succeed(2);
    writer.fail(3, new Writer.RefusedException(new IllegalStateException("bad"), false));
    assertTrue(good.succeeded());
    assertInstanceOf(Writer.RefusedException.class, bad.cause());
  }

  @Test
  void anUnknownOutcomeAppliesToAllGroups() {
    queue.commit(rows(1));
    Future<Writer.CommitResult> second = queue.commit(rows(2));
    Future<Writer.CommitResult> third = queue.commit(rows(3));
    writer.succeed(0);
    writer.fail(1, new Writer.OutcomeUnknownException(new IllegalStateException("late"), null));
    assertInstanceOf(Writer.OutcomeUnknownException.class, second.cause());
    assertInstanceOf(Writer.OutcomeUnknownException.class, third.cause());
    assertEquals(2, writer.sent.size());
  }

  @Test
  void aCommitHasAtMostTheMaximumOfRows() {
    queue.commit(rows(1));
    queue.commit(rows(IntStream.rangeClosed(1_001, 1_100).toArray()));
    assertFalse(queue.isFull());
    queue.commit(rows(IntStream.rangeClosed(2_001, 2_100).toArray()));
    assertTrue(queue.isFull());
    writer.succeed(0);
    assertEquals(100, writer.sent.get(1).size());
    assertFalse(queue.isFull());
    writer.succeed(1);
    assertEquals(100, writer.sent.get(2).size());
  }

  private static List<RowWrite> rows(int... products) {
    return IntStream.of(products)
        .mapToObj(id -> new RowWrite(new ProductId(id), 0, null, Optional.empty()))
        .toList();
  }

  /** Answers on command. */
  private static final class Committing implements Writer {

    private final List<List<Long>> sent = new ArrayList<>();
    private final List<Promise<CommitResult>> answers = new ArrayList<>();

    void succeed(int commit) {
      answers.get(commit).complete(new CommitResult(Map.of(), Set.of()));
    }

    void fail(int commit, Throwable failure) {
      answers.get(commit).fail(failure);
    }

    @Override
    public Future<CommitResult> commit(List<RowWrite> rows) {
      sent.add(rows.stream().map(row -> row.productId().value()).toList());
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
    public void close() {}
  }
}
