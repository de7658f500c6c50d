package dev.canvas.data.cache;

import dev.canvas.data.store.CacheTrust;
import dev.canvas.data.store.Generation;
import java.util.function.LongSupplier;

/**
 * What this process knows of the one Redis that may be trusted: the store's last answer, which is
 * good for {@link CacheTrust#LIFE} from when it was asked. Whoever confirms a write that this Redis
 * may not show ends the trust in the store first, and then waits for that time.
 *
 * <p>While the store gives no answer at all, the last one stays good: cached products are served
 * while the store is away. A node that reaches a Redis which has been given up, and not the store,
 * may therefore be behind until it reaches the store again.
 *
 * <p>Thread-safe.
 */
final class TrustedRedis {

  /** Looks at the store in a row without an answer, after which the store counts as away. */
  private static final int MAX_UNANSWERED = 3;

  private record Look(
      Generation generation, long answeredNanos, long untilNanos, boolean storeIsAway) {}

  private final LongSupplier nanoTime;
  private volatile Look last;
  private int unanswered;

  TrustedRedis() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  TrustedRedis(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The time to remember when a question is sent to the store. */
  public long now() {
    return nanoTime.getAsLong();
  }

  /**
   * Takes an answer of the store.
   *
   * @param askedNanos {@link #now} when it was asked
   */
  public synchronized void answered(Generation generation, long askedNanos) {
    Look before = last;
    boolean overlaps = before != null && askedNanos - before.answeredNanos < 0;
    if (overlaps && isOlder(generation, before.generation)) {
      return;
    }
    long until = askedNanos + CacheTrust.LIFE.toNanos();
    if (overlaps && generation.equals(before.generation)) {
      until = Math.max(until - before.untilNanos, 0) + before.untilNanos;
    }
    last = new Look(generation, now(), until, false);
    unanswered = 0;
  }

  /** Notes that the last question to the store has had no answer for a while. */
  public synchronized void unanswered() {
    Look before = last;
    if (before != null && ++unanswered >= MAX_UNANSWERED && !before.storeIsAway) {
      last = new Look(before.generation, before.answeredNanos, before.untilNanos, true);
    }
  }

  /** Whether values of this Redis and generation may be read now. */
  boolean covers(long generation, String redis) {
    Look look = last;
    return look != null
        && look.generation.number() == generation
        && look.generation.trusts(redis)
        && (look.storeIsAway
            || now() - look.untilNanos < 0
            || Generation.ANY_REDIS.equals(look.generation.redis()));
  }

  /** Whether the store has named another Redis or generation, or none. */
  boolean excludes(long generation, String redis) {
    Look look = last;
    return look != null
        && (look.generation.number() != generation || !look.generation.trusts(redis));
  }

  /**
   * Whether one of two overlapping answers is the older: a generation gains a Redis, never loses
   * it.
   */
  private static boolean isOlder(Generation one, Generation other) {
    return one.number() < other.number()
        || (one.number() == other.number() && other.hasRedis() && !one.hasRedis());
  }
}
