package dev.canvas.data.write;

import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.Generation;
import dev.canvas.loop.LoopTimer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds how long writes wait for the repair of the cache: if it takes long, ends the trust in
 * Redis in the store, waits until every node must have noticed, and confirms them then. That works
 * whatever the relay does, as long as the store answers. Belongs to one event loop. See {@code
 * docs/adr/0029-one-trusted-redis.md}.
 */
final class UnconfirmedWrites {

  /**
   * The length of a turn. Patience is counted in turns of this event loop: a loop that is late must
   * not end the trust because it has not read yet that the cache is repaired.
   */
  private static final long TURN_MS = 20;

  /**
   * How long a repair may take, 200 ms: a relay that reaches both servers needs a quarter of it.
   */
  private static final long PATIENCE = 10;

  /** The same while no Redis is trusted, when there is nothing to lose. */
  private static final long PATIENCE_WITHOUT_REDIS = 1;

  /** A committed write whose repair is not confirmed. */
  private static final class Waiting {

    private final Promise<Void> confirmed = Promise.promise();

    /** The turn in which it came. */
    private final long since;

    Waiting(long since) {
      this.since = since;
    }
  }

  private final Vertx vertx;
  private final CacheTrust trust;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final LoopTimer timer;
  private long turn;
  private boolean endingTrust;
  private boolean closed;

  /** The generation in which no node trusts any Redis, as far as this event loop knows; else -1. */
  private long untrusted = -1;

  UnconfirmedWrites(Vertx vertx, CacheTrust trust) {
    this.vertx = vertx;
    this.trust = trust;
    this.timer = new LoopTimer(vertx, TURN_MS, this::watch);
  }

  /** Completes when the repair does, or else when no node trusts any Redis. */
  Future<Void> add(Future<Void> repaired) {
    Waiting write = new Waiting(turn);
    waiting.add(write);
    repaired.onSuccess(done -> write.confirmed.tryComplete());
    timer.start();
    return write.confirmed.future();
  }

  /** Fails what still waits. */
  void close() {
    closed = true;
    waiting.forEach(
        write -> write.confirmed.tryFail("the cache was not repaired before this verticle ended"));
    waiting.clear();
  }

  /** Takes note of a turn; returns whether something still waits. */
  private boolean watch() {
    if (endingTrust) {
      return true;
    }
    turn++;
    long patience = untrusted < 0 ? PATIENCE : PATIENCE_WITHOUT_REDIS;
    while (!waiting.isEmpty() && waiting.peek().confirmed.future().isComplete()) {
      waiting.remove();
    }
    if (closed || waiting.isEmpty()) {
      return false;
    }
    if (turn - waiting.peek().since >= patience) {
      endTrust(waiting.peekLast());
    }
    return true;
  }

  /** Confirms the writes up to the last one, all of which are committed. */
  private void endTrust(Waiting last) {
    endingTrust = true;
    trust
        .distrust()
        .compose(generation -> trust.isKept() ? expired(generation) : Future.succeededFuture())
        .onSuccess(expired -> confirmUpTo(last))
        .onComplete(done -> endingTrust = false);
  }

  /**
   * Completes when no node can trust what it trusted before. That is at once if the generation is
   * known to have no Redis: it gets one at most once, and then the next one has another number.
   */
  private Future<Void> expired(Generation generation) {
    if (!generation.hasRedis() && generation.number() == untrusted) {
      return Future.succeededFuture();
    }
    untrusted = -1;
    return vertx
        .timer(CacheTrust.EXPIRED.toMillis())
        .onSuccess(waited -> untrusted = generation.hasRedis() ? -1 : generation.number())
        .mapEmpty();
  }

  private void confirmUpTo(Waiting last) {
    Waiting write = null;
    while (write != last && !waiting.isEmpty()) {
      write = waiting.remove();
      write.confirmed.tryComplete();
    }
  }
}
