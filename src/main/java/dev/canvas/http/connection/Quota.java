package dev.canvas.http.connection;

import dev.canvas.media.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * An amount of something that many take parts of and give back. Whoever asks for more than is left
 * waits, first come, first served. Thread-safe.
 */
final class Quota {

  /** How long one waits at most. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How often those who wait look why. */
  private static final Duration CHECK = Duration.ofMillis(500);

  private record Waiter(long amount, Promise<Void> taken) {}

  private final long max;
  private final long maxWaiting;
  private final Queue<Waiter> waiters = new ArrayDeque<>();
  private long taken;
  private long waiting;

  /**
   * @param max how much there is; who wants more than that has to be alone
   * @param maxWaiting how much may be waited for
   */
  Quota(long max, long maxWaiting) {
    this.max = max;
    this.maxWaiting = maxWaiting;
  }

  /** How much is taken. */
  synchronized long taken() {
    return taken;
  }

  /** Whether somebody waits, or more is taken than there is. */
  synchronized boolean isShort() {
    return taken > max || !waiters.isEmpty();
  }

  /**
   * Takes an amount, now or later. Must be called on a context, on which the future completes.
   *
   * @param check runs now and then while it waits
   * @return fails with {@link Problem#UNAVAILABLE} if the wait is too long
   */
  Future<Void> take(long amount, Runnable check) {
    ContextInternal context = ContextInternal.current();
    Waiter waiter;
    synchronized (this) {
      if (waiters.isEmpty() && fits(amount)) {
        taken += amount;
        return Future.succeededFuture();
      }
      if (waiting > 0 && waiting + amount > maxWaiting) {
        return Future.failedFuture(unavailable());
      }
      waiter = new Waiter(amount, context.promise());
      waiters.add(waiter);
      waiting += amount;
    }
    return patiently(context.owner(), waiter, check);
  }

  /** Takes an amount even if it is not there. */
  synchronized void takeAnyway(long amount) {
    taken += amount;
  }

  /** Gives an amount back. */
  void giveBack(long amount) {
    List<Waiter> next = new ArrayList<>();
    synchronized (this) {
      taken -= amount;
      while (!waiters.isEmpty() && fits(waiters.peek().amount)) {
        Waiter waiter = waiters.remove();
        waiting -= waiter.amount;
        taken += waiter.amount;
        next.add(waiter);
      }
    }
    next.forEach(waiter -> waiter.taken.complete());
  }

  private boolean fits(long amount) {
    return taken <= 0 || taken + amount <= max;
  }

  private Future<Void> patiently(Vertx vertx, Waiter waiter, Runnable check) {
    long began = System.nanoTime();
    long timer =
        vertx.setPeriodic(
            CHECK.toMillis(),
            tick -> {
              check.run();
              if (System.nanoTime() - began >= PATIENCE.toNanos() && remove(waiter)) {
                waiter.taken.fail(unavailable());
              }
            });
    return waiter.taken.future().onComplete(end -> vertx.cancelTimer(timer));
  }

  /** Whether it still waited. */
  private synchronized boolean remove(Waiter waiter) {
    boolean waited = waiters.remove(waiter);
    if (waited) {
      waiting -= waiter.amount;
    }
    return waited;
  }

  private static RuntimeException unavailable() {
    return Problem.UNAVAILABLE.because(
        "Too many large answers wait for clients to read them; retry in a second");
  }
}
