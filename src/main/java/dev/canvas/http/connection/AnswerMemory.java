package dev.canvas.http.connection;

import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the memory of the answers that clients of this process have not read yet (ADR 0027). Large
 * answers wait until there is room for them. While one waits, clients that read too slowly are
 * disconnected. Small answers never wait; what they leave unread counts too. Thread-safe.
 */
public final class AnswerMemory {

  /** While memory is short, how long a client may leave answers unread, whatever its speed. */
  static final Duration GRACE = Duration.ofSeconds(5);

  /** While memory is short, how much of a large answer its client has to read in a second. */
  private static final long MIN_BYTES_PER_SECOND = 128 * 1_024;

  /** How many products may be read at once for batches; before they are, no length is known. */
  private static final int MAX_READING = 400;

  /** A part of the memory, or of what may be read at once. Thread-safe. */
  public final class Share {

    private final Quota quota;
    private final long amount;
    private final HttpConnection reader;
    private final long beganNanos = System.nanoTime();
    private final AtomicBoolean released = new AtomicBoolean();
    private final AtomicLong sent = new AtomicLong();

    private Share(Quota quota, long amount, HttpConnection reader) {
      this.quota = quota;
      this.amount = amount;
      this.reader = reader;
    }

    /** Tells how much more of the answer has been sent. */
    public void sent(long more) {
      sent.addAndGet(more);
    }

    /** Gives the share back, once. */
    public void release() {
      if (released.compareAndSet(false, true)) {
        holders.remove(this);
        quota.giveBack(amount);
      }
    }

    private boolean isSlow() {
      long nanos = System.nanoTime() - beganNanos;
      return nanos > GRACE.toNanos()
          && sent.get() < MIN_BYTES_PER_SECOND * (nanos / 1_000_000_000L);
    }
  }

  private final Quota bytes;
  private final Quota reading = new Quota(MAX_READING, Long.MAX_VALUE);
  private final Set<Share> holders = ConcurrentHashMap.newKeySet();

  /**
   * @param maxBytes how much of large answers is sent at once; as much may wait
   */
  AnswerMemory(long maxBytes) {
    this.bytes = new Quota(maxBytes, maxBytes);
  }

  /** The memory of the process that a connection to it belongs to. */
  public static AnswerMemory of(HttpConnection connection) {
    ConnectionGuard guard = Connections.guard(connection);
    // The management port is not guarded: only its operators reach it.
    return guard == null ? new AnswerMemory(Long.MAX_VALUE) : guard.memory();
  }

  /**
   * Waits until so many products may be read for one answer. Must be called on a context.
   *
   * @return a share to be released when their bytes have a share of their own; fails with {@link
   *     dev.canvas.media.Problem#UNAVAILABLE}
   */
  public Future<Share> reading(int products) {
    Share share = new Share(reading, products, null);
    return reading.take(products, this::cutSlowReaders).map(share);
  }

  /**
   * Waits until there is room for a large answer. Must be called on a context.
   *
   * @param reader gets the answer
   * @return a share to be released when the answer has been sent; fails with {@link
   *     dev.canvas.media.Problem#UNAVAILABLE}
   */
  public Future<Share> room(HttpConnection reader, long length) {
    return bytes.take(length, this::cutSlowReaders).map(taken -> hold(length, reader));
  }

  /** Makes room for an answer that must not be refused, such as that to a write. */
  public Share roomAnyway(HttpConnection reader, long length) {
    bytes.takeAnyway(length);
    return hold(length, reader);
  }

  private Share hold(long length, HttpConnection reader) {
    Share share = new Share(bytes, length, reader);
    holders.add(share);
    return share;
  }

  /** Whether there is no room for another large answer. */
  boolean isShort() {
    return bytes.isShort();
  }

  /** Counts what waits in a connection; there is no choice. */
  void unread(long length) {
    bytes.takeAnyway(length);
  }

  /** What {@link #unread} has counted has been read, or is lost. */
  void read(long length) {
    bytes.giveBack(length);
  }

  /** The bytes of answers that are being sent, or wait in connections. */
  long heldBytes() {
    return bytes.taken();
  }

  private void cutSlowReaders() {
    if (isShort()) {
      for (Share share : holders) {
        if (share.isSlow()) {
          Connections.cut(share.reader, ConnectionLimit.Cut.UNREAD);
        }
      }
    }
  }
}
