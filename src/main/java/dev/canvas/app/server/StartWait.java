package dev.canvas.app.server;

import dev.canvas.app.config.StartFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats steps of the start while a store does not answer, until the time to start is over. What a
 * store refuses, such as a password, a database or TLS, fails at once. Used by one step at a time.
 */
final class StartWait {

  private static final Logger LOG = LoggerFactory.getLogger(StartWait.class);

  private static final long RETRY_MS = 500;

  /** How often the operator is told whom the start waits for. */
  private static final long REPORT_NANOS = 5_000_000_000L;

  /**
   * SQLSTATEs of a server that does not answer yet: 08001 and 08006 (no connection, or it broke
   * off), 57P03 (starting up).
   */
  private static final Set<String> NOT_YET = Set.of("08001", "08006", "57P03");

  private final long beganNanos = System.nanoTime();
  private final Duration limit;
  private long reportedNanos = beganNanos;

  /**
   * @param limit from now on, how long a step is repeated
   */
  StartWait(Duration limit) {
    this.limit = limit;
  }

  /** Runs a step that blocks; fails as its last attempt does. */
  void run(Runnable step) {
    while (true) {
      try {
        step.run();
        return;
      } catch (RuntimeException failure) {
        if (!mayRetry(failure)) {
          throw failure;
        }
        pause(failure);
      }
    }
  }

  /** Runs an asynchronous step; fails as its last attempt does. */
  <T> Future<T> run(Vertx vertx, Supplier<Future<T>> step) {
    return step.get()
        .recover(
            failure ->
                mayRetry(failure)
                    ? vertx.timer(RETRY_MS).compose(later -> run(vertx, step))
                    : Future.failedFuture(failure));
  }

  private static void pause(RuntimeException failure) {
    try {
      Thread.sleep(RETRY_MS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  private boolean mayRetry(Throwable failure) {
    long now = System.nanoTime();
    long leftMs = limit.toMillis() - (now - beganNanos) / 1_000_000;
    if (leftMs <= 0 || !isAway(failure)) {
      return false;
    }
    if (now - reportedNanos >= REPORT_NANOS) {
      reportedNanos = now;
      LOG.warn(
          "The start waits for a store, for at most {} s more (start.timeout): {}",
          leftMs / 1_000,
          failure instanceof StartFailure explained
              ? explained.getMessage()
              : failure.getMessage());
    }
    return true;
  }

  /** Whether the failure is that a server does not answer, and not what it answered. */
  static boolean isAway(Throwable failure) {
    boolean away = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException || cause instanceof UnknownHostException) {
        return false;
      }
      if (cause instanceof SQLException refusal) {
        away = NOT_YET.contains(refusal.getSQLState());
      } else if (cause instanceof PgException refusal) {
        away = NOT_YET.contains(refusal.getSqlState());
      } else if (cause instanceof IOException || cause instanceof TimeoutException) {
        away = true;
      }
    }
    return away;
  }
}
