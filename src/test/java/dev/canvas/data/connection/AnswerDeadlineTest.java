package dev.canvas.data.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerDeadlineTest {

  private static final Duration LIMIT = Duration.ofMillis(50);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void answerThatALateLoopReadsLateIsInTime() throws Exception {
    Future<String> result =
        onLoop(
            () -> {
              Promise<String> answer = Promise.promise();
              vertx.runOnContext(
                  busy -> {
                    spinFor(LIMIT.multipliedBy(10));
                    // Later than every timer that has expired meanwhile, as a socket's turn is.
                    vertx.setTimer(1, read -> answer.complete("answer"));
                  });
              return new AnswerDeadline(vertx, LIMIT).within(answer.future());
            });

    assertEquals("answer", result.await(20, TimeUnit.SECONDS));
  }

  @Test
  void silentServerIsLate() throws Exception {
    Future<String> result = onLoop(() -> new AnswerDeadline(vertx, LIMIT).within(never()));

    Throwable late = failure(result);
    assertInstanceOf(AnswerDeadline.LateException.class, late);
    assertEquals("no answer within 50 ms", late.getMessage());
  }

  @Test
  void everyAnswerOfASilentServerIsLate() throws Exception {
    Future<String> result =
        onLoop(
            () -> {
              AnswerDeadline deadline = new AnswerDeadline(vertx, LIMIT);
              Future<String> first = deadline.within(never());
              Future<String> second = deadline.within(never());
              return first.recover(late -> second);
            });

    assertInstanceOf(AnswerDeadline.LateException.class, failure(result));
  }

  @Test
  void answerBehindOthersHasMoreTime() throws Exception {
    AtomicInteger others = new AtomicInteger();
    Future<String> result =
        onLoop(
            () -> {
              AnswerDeadline deadline = new AnswerDeadline(vertx, LIMIT);
              Future<String> behind = deadline.within(never());
              answerOthers(deadline, behind, others);
              return behind;
            });

    assertInstanceOf(AnswerDeadline.LateException.class, failure(result));
    assertTrue(others.get() >= 10, others + " others were answered before it was late");
  }

  /** One after the other, a slice apart or more, until the answer behind them is late. */
  private void answerOthers(AnswerDeadline deadline, Future<?> behind, AtomicInteger others) {
    Promise<String> other = Promise.promise();
    deadline
        .within(other.future())
        .onSuccess(
            answered -> {
              if (!behind.isComplete()) {
                others.incrementAndGet();
                answerOthers(deadline, behind, others);
              }
            });
    vertx.setTimer(LIMIT.toMillis() / 10, tick -> other.complete("other"));
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> call) {
    Promise<T> result = Promise.promise();
    loop.runOnContext(now -> call.get().onComplete(result));
    return result.future();
  }

  private static Throwable failure(Future<?> result) throws Exception {
    return result
        .toCompletionStage()
        .toCompletableFuture()
        .handle((answer, failure) -> failure)
        .get(20, TimeUnit.SECONDS);
  }

  private static Future<String> never() {
    return Promise.<String>promise().future();
  }

  private static void spinFor(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }
}
