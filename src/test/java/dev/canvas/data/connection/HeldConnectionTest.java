package dev.canvas.data.connection;

import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldConnectionTest {

  private final Vertx vertx = Vertx.vertx();

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

  private static Future<Void> never() {
    return Promise.<Void>promise().future();
  }

  /** Connects at once and never answers. */
  private static final class Silent implements HeldConnection.Link<String> {
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
