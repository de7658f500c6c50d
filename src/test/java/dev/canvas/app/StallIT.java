package dev.canvas.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.canvas.testing.TestServers;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** All event loops of a service stall for longer than its servers have for an answer. */
class StallIT {

  private static final int STALLS = 5;
  private static final long STALL_MS = 1_500;

  /** Shorter than a stall, and longer than a busy machine keeps a healthy server from answering. */
  private static final String TIMEOUT = "700ms";

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ownLatenessIsNoOutageAndFailsNoRead(boolean near) {
    List<String> outages = new CopyOnWriteArrayList<>();
    AppenderBase<ILoggingEvent> appender = appender(outages);
    Logger log = (Logger) LoggerFactory.getLogger("dev.canvas.data.connection.OutageLog");
    try (RunningService service =
        new RunningService(
            TestServers.shared().postgresUri(),
            TestServers.shared().redisUri(),
            Map.of(
                "CANVAS_REDIS_TIMEOUT", TIMEOUT,
                "CANVAS_POSTGRES_TIMEOUT", TIMEOUT,
                "CANVAS_CACHE_NEAR_ENABLED", Boolean.toString(near)))) {
      service.put(1);
      log.addAppender(appender);
      try (LoadGenerator load =
          new LoadGenerator(service.httpPort(), "/api/products/1/media", 16, 0)) {
        for (int i = 0; i < STALLS; i++) {
          long before = load.responses();
          await().until(() -> load.responses() > before + 100);
          stall(service.vertx());
        }
        long before = load.responses();
        await().until(() -> load.responses() > before + 100);
        assertEquals(List.of(), load.failures());
      }
      assertEquals(List.of(), outages);
    } finally {
      log.detachAppender(appender);
    }
  }

  /** Blocks all event loops together; returns when they go on. */
  private static void stall(Vertx vertx) {
    List<EventExecutor> loops = new ArrayList<>();
    ((VertxInternal) vertx).nettyEventLoopGroup().forEach(loops::add);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(loops.size());
    for (EventExecutor loop : loops) {
      loop.execute(
          () -> {
            block(never);
            over.countDown();
          });
    }
    await().until(() -> over.getCount() == 0);
  }

  private static void block(CountDownLatch never) {
    try {
      if (never.await(STALL_MS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the latch is never released");
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static AppenderBase<ILoggingEvent> appender(List<String> lines) {
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
          }
        };
    appender.start();
    return appender;
  }
}
