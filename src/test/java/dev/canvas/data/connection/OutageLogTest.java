package dev.canvas.data.connection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageLogTest {

  private static final Duration AT_ONCE = Duration.ofMillis(10);
  private static final Duration NEVER = Duration.ofHours(1);

  private final Vertx vertx = Vertx.vertx();
  private final Logger logger = (Logger) LoggerFactory.getLogger(OutageLog.class);
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
      };

  @BeforeEach
  void listen() {
    appender.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(appender);
  }

  @AfterEach
  void close() {
    logger.detachAppender(appender);
    logger.setLevel(null);
    vertx.close().await();
  }

  @Test
  void theFirstConnectionLostAndTheLastOneBackAreLogged() {
    OutageLog log = log(AT_ONCE);
    HeldConnection<?> one = connection(log);
    HeldConnection<?> other = connection(log);
    log.up(one);
    log.up(other);
    log.lost(one, "no answer");
    log.lost(other, "closed");
    log.unreachable(one, "refused");
    log.up(one);
    assertEquals(List.of("WARN Server: connection lost (no answer); reconnecting"), lines);
    log.up(other);
    await().atMost(Duration.ofSeconds(30)).until(() -> lines.size() == 2);
    assertTrue(
        lines.get(1).matches("INFO Server: connected again after \\d+\\.\\d s"), lines::toString);
  }

  @Test
  void theTroubleIsWhatSaysMoreThanThatAConnectionWasClosed() {
    OutageLog log = log(AT_ONCE);
    HeldConnection<?> one = connection(log);
    HeldConnection<?> other = connection(log);
    log.up(one);
    log.up(other);
    log.lost(one, Link.CLOSED);
    assertEquals(Link.CLOSED, log.trouble());
    log.lost(other, "its disk is full");
    log.unreachable(one, "it does not answer");
    assertEquals("its disk is full", log.trouble());
    assertEquals(1, lines.size(), lines::toString);
  }

  @Test
  void whatOneConnectionStoresTheServerStoresForAll() {
    OutageLog log = log(AT_ONCE);
    HeldConnection<?> one = connection(log);
    HeldConnection<?> other = connection(log);
    log.up(one);
    log.up(other);
    log.refused(one, "its disk is full");
    log.refused(other, "its disk is full");
    assertTrue(log.isRefused(one) && log.isRefused(other));
    log.accepted();
    assertFalse(log.isRefused(one) || log.isRefused(other));
    assertNull(log.trouble());
    await().atMost(Duration.ofSeconds(30)).until(() -> lines.size() == 2);
  }

  @Test
  void aConnectionThatComesAndGoesIsOneOutage() {
    OutageLog log = log(NEVER);
    HeldConnection<?> one = connection(log);
    for (int i = 0; i < 1_000; i++) {
      log.up(one);
      log.lost(one, "demoted");
    }
    assertEquals(1, lines.size(), lines::toString);
  }

  @Test
  void aServerThatWasNeverReachedIsLoggedOnce() {
    OutageLog log = log(AT_ONCE);
    HeldConnection<?> one = connection(log);
    log.unreachable(one, "refused");
    log.unreachable(connection(log), "refused");
    log.unreachable(one, "refused");
    assertEquals(List.of("WARN Server: unreachable (refused); connecting until it answers"), lines);
  }

  @Test
  void aConnectionThatIsClosedHoldsUpNoEnd() {
    OutageLog log = log(AT_ONCE);
    HeldConnection<?> kept = connection(log);
    HeldConnection<?> closed = connection(log);
    log.up(kept);
    log.lost(closed, "no answer");
    closed.close();
    await().atMost(Duration.ofSeconds(30)).until(() -> lines.size() == 2);
  }

  @Test
  void aConnectionThatIsReplacedOnPurposeIsNoOutage() {
    OutageLog log = log(AT_ONCE);
    HeldConnection<?> one = connection(log);
    HeldConnection<?> other = connection(log);
    log.up(one);
    log.renewed(one, "its generation has ended");
    log.unreachable(other, "not yet");
    assertEquals("not yet", log.trouble());
    log.up(one);
    log.up(other);
    // The next outage is logged, so this one is over, and was not.
    await().atMost(Duration.ofSeconds(30)).until(() -> isLogged(log, one));
    assertEquals("WARN Server: connection lost (no answer); reconnecting", lines.get(0));
  }

  private boolean isLogged(OutageLog log, HeldConnection<?> connection) {
    log.lost(connection, "no answer");
    return !lines.isEmpty();
  }

  @Test
  void whatIsLostMeanwhileIsAnOutage() {
    OutageLog log = log(AT_ONCE);
    HeldConnection<?> one = connection(log);
    HeldConnection<?> other = connection(log);
    log.up(one);
    log.up(other);
    log.renewed(one, "its generation has ended");
    log.lost(one, null);
    assertEquals(List.of(), lines);
    log.lost(other, "no answer");
    assertEquals(List.of("WARN Server: connection lost (no answer); reconnecting"), lines);
    log.up(one);
    log.up(other);
    await().atMost(Duration.ofSeconds(30)).until(() -> lines.size() == 2);
  }

  @Test
  void aReplacementThatTakesLongIsAnOutage() {
    OutageLog log = new OutageLog("Server", AT_ONCE, AT_ONCE);
    HeldConnection<?> one = connection(log);
    log.up(one);
    log.renewed(one, "its generation has ended");
    log.unreachable(one, "refused");
    await().atMost(Duration.ofSeconds(30)).until(() -> lines.size() == 1);
    assertTrue(lines.get(0).startsWith("WARN Server: unreachable ("), lines::toString);
    log.up(one);
    await().atMost(Duration.ofSeconds(30)).until(() -> lines.size() == 2);
  }

  private static OutageLog log(Duration calm) {
    return new OutageLog("Server", calm, NEVER);
  }

  private HeldConnection<?> connection(OutageLog log) {
    Context loop = vertx.getOrCreateContext();
    return new HeldConnection<>(loop, log, "Server", Duration.ofSeconds(1), OutageLogTest::unused);
  }

  private static Link<String> unused(Runnable onEnd) {
    return new Link<>() {
      @Override
      public Future<String> ready() {
        return Future.failedFuture("unused");
      }

      @Override
      public void close() {
        // It was never opened.
      }

      @Override
      public boolean isFatal(Throwable failure) {
        return false;
      }
    };
  }
}
