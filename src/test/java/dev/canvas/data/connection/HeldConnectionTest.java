package dev.canvas.data.connection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldConnectionTest {

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aCompositeCallThatIsLateFailsOnItsOwnEventLoop() throws Exception {
    Context context = vertx.getOrCreateContext();
    HeldConnection<String> held =
        new HeldConnection<>(
            context,
            new OutageLog("Server"),
            "Server",
            Duration.ofMillis(10),
            onEnd -> new Silent());
    Promise<Thread> called = Promise.promise();
    Promise<Thread> failed = Promise.promise();
    context.runOnContext(
        now -> {
          called.complete(Thread.currentThread());
          held.connect()
              .compose(up -> held.call(session -> Future.all(List.of(never(), never()))))
              .onFailure(late -> failed.complete(Thread.currentThread()));
        });
    assertSame(
        called.future().await(10, TimeUnit.SECONDS), failed.future().await(10, TimeUnit.SECONDS));
  }

  @Test
  void aServerThatPausesLosesNoConnection() throws Exception {
    Slow slow = new Slow();
    HeldConnection<String> held = held(slow);
    onLoop(held::connect);

    Future<Void> late = onLoop(() -> held.call(session -> slow.answer.future()));
    assertInstanceOf(HeldConnection.UnavailableException.class, failure(late));
    assertFalse(held.isUp());
    assertEquals("session", held.session());
    Future<Void> refused = onLoop(() -> held.call(session -> fail("sent during the pause")));
    assertEquals("Server is unreachable", failure(refused).getMessage());

    onLoop(() -> Future.succeededFuture(slow.answer.tryComplete()));
    assertTrue(held.isUp());
    onLoop(() -> held.call(session -> Future.succeededFuture())).await(10, TimeUnit.SECONDS);
    assertEquals(1, slow.opened.get());
  }

  @Test
  void aServerThatStaysSilentIsGivenUp() throws Exception {
    Slow slow = new Slow();
    HeldConnection<String> held = held(slow);
    onLoop(held::connect);

    failure(onLoop(() -> held.call(session -> slow.answer.future())));
    await().until(() -> slow.opened.get() == 2 && held.isUp());
    // The answer to the connection before is no sign of life.
    onLoop(() -> Future.succeededFuture(slow.answer.tryComplete()));
    onLoop(() -> held.call(session -> Future.succeededFuture())).await(10, TimeUnit.SECONDS);
    assertEquals(2, slow.opened.get());
  }

  private HeldConnection<String> held(Slow slow) {
    return new HeldConnection<>(
        loop,
        new OutageLog("Server"),
        "Server",
        Duration.ofMillis(200),
        onEnd -> {
          slow.opened.incrementAndGet();
          return slow;
        });
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> call) throws Exception {
    Promise<Future<T>> begun = Promise.promise();
    loop.runOnContext(now -> begun.complete(call.get()));
    return begun.future().await(10, TimeUnit.SECONDS);
  }

  private static Throwable failure(Future<?> result) throws Exception {
    return result
        .toCompletionStage()
        .toCompletableFuture()
        .handle((answer, failure) -> failure)
        .get(10, TimeUnit.SECONDS);
  }

  private static Future<Void> never() {
    return Promise.<Void>promise().future();
  }

  /** Connects at once, and answers when it is told to. */
  private static final class Slow extends Silent {

    private final Promise<Void> answer = Promise.promise();
    private final AtomicInteger opened = new AtomicInteger();

    @Override
    public boolean isStateless() {
      return true;
    }
  }

  /** Connects at once and never answers. */
  private static class Silent implements Link<String> {
    @Override
    public Future<String> ready() {
      return Future.succeededFuture("session");
    }

    @Override
    public boolean isFatal(Throwable failure) {
      return false;
    }

    @Override
    public void close() {
      // There is nothing to close.
    }
  }
}
