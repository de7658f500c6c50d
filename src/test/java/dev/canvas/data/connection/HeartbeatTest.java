package dev.canvas.data.connection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

  private static final Duration PERIOD = Duration.ofMillis(20);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final AtomicInteger pings = new AtomicInteger();
  private final AtomicInteger commands = new AtomicInteger();
  private final HeldConnection<String> held =
      new HeldConnection<>(
          loop,
          new OutageLog("Server"),
          "Server",
          Duration.ofSeconds(10),
          onEnd -> new Answering());

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void anIdleConnectionIsPinged() {
    loop.runOnContext(
        now -> {
          beat();
          held.connect();
        });
    await().until(() -> pings.get() >= 3);
  }

  @Test
  void aConnectionThatIsUsedIsNotPinged() {
    loop.runOnContext(
        now -> {
          held.connect();
          // Set before the heartbeat and for the same period, so that each command precedes a beat.
          vertx.setPeriodic(PERIOD.toMillis(), tick -> command());
          beat();
        });
    await().until(() -> commands.get() >= 20);
    assertEquals(0, pings.get());
  }

  private void command() {
    held.call(session -> Future.succeededFuture(commands.incrementAndGet()));
  }

  private void beat() {
    Heartbeat.start(loop, held, session -> Future.succeededFuture(pings.incrementAndGet()), PERIOD);
  }

  /** Connects at once, and answers at once. */
  private static final class Answering implements Link<String> {
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
