package dev.canvas.data.connection;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs one line when a process loses a server and one when it has it back, however many connections
 * it holds to that server. The first connection that is lost begins the outage; it ends when all
 * are up and have stayed up for a while. So a server that comes and goes is one outage. If the next
 * outage follows soon, the while doubles: what is repeated for hours takes a line a minute or less.
 *
 * <p>One for each server and process. Thread-safe.
 */
public final class OutageLog {

  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

  private static final String UNREACHABLE = "{}: unreachable ({}); connecting until it answers";

  /** How long a connection that is replaced on purpose may take before it is told as an outage. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How long all connections have to stay up before the outage is over. */
  private static final Duration CALM = Duration.ofSeconds(1);

  /** The longest such time, and how soon the next outage is a repetition of the last. */
  private static final Duration MAX_CALM = Duration.ofMinutes(1);

  private final String server;
  private final Duration initialCalm;
  private final Duration patience;

  /** Whether each connection is up. */
  private final Map<HeldConnection<?>, Boolean> connections = new HashMap<>();

  /** Connections that are up, to a server that has refused to store something. */
  private final Set<HeldConnection<?>> refused = ConcurrentHashMap.newKeySet();

  private boolean away;

  /** Whether nothing but what was wanted has happened since then, so that nothing was logged. */
  private boolean wanted;

  private String reason;
  private long beganNanos;
  private long endedNanos = System.nanoTime() - MAX_CALM.toNanos();
  private Duration calm;

  /** Counts what happened, so that a calm that was interrupted ends nothing. */
  private long events;

  /**
   * @param server its name in the log
   */
  public OutageLog(String server) {
    this(server, CALM, PATIENCE);
  }

  OutageLog(String server, Duration initialCalm, Duration patience) {
    this.server = server;
    this.initialCalm = initialCalm;
    this.calm = initialCalm;
    this.patience = patience;
  }

  /**
   * A connection that was up is lost.
   *
   * @param reason null if it only follows another connection, which tells its own
   */
  synchronized void lost(HeldConnection<?> connection, String reason) {
    refused.remove(connection);
    if (begins(connection, reason)) {
      LOG.warn("{}: connection lost ({}); reconnecting", server, reason);
    }
  }

  /**
   * A connection that was up is replaced on purpose. Whoever wants that says so, and it is logged
   * here only if it lasts.
   */
  synchronized void renewed(HeldConnection<?> connection, String reason) {
    if (begins(connection, reason)) {
      wanted = true;
      long outage = beganNanos;
      CompletableFuture.delayedExecutor(patience.toNanos(), TimeUnit.NANOSECONDS)
          .execute(() -> endPatience(outage));
    }
  }

  private synchronized void endPatience(long outage) {
    if (away && wanted && beganNanos == outage && connections.containsValue(false)) {
      wanted = false;
      LOG.warn(UNREACHABLE, server, reason);
    }
  }

  /**
   * A connection could not be made so far.
   *
   * @param reason null if it only follows another connection, which tells its own
   */
  synchronized void unreachable(HeldConnection<?> connection, String reason) {
    if (away && wanted) {
      connections.put(connection, false);
      events++;
      this.reason = reason == null ? this.reason : reason;
    } else if (begins(connection, reason)) {
      LOG.warn(UNREACHABLE, server, reason);
    }
  }

  /** A connection is up, but the server refuses what it is asked to store. */
  synchronized void refused(HeldConnection<?> connection, String reason) {
    refused.add(connection);
    if (begins(connection, reason)) {
      LOG.warn("{}: refuses to store ({}); used for reads only until it does", server, reason);
    }
  }

  /** Whether the server has refused to store what a connection sent. Thread-safe. */
  boolean isRefused(HeldConnection<?> connection) {
    return refused.contains(connection);
  }

  /**
   * The server has stored what one connection sent, so it stores what the others send. Costs
   * nothing unless it has refused something. Thread-safe.
   */
  void accepted() {
    if (!refused.isEmpty()) {
      endRefusal();
    }
  }

  private synchronized void endRefusal() {
    refused.forEach(connection -> connections.put(connection, true));
    refused.clear();
    endWhenCalm();
  }

  /**
   * Why the server cannot be used as it should; null while all is well. It is the first reason that
   * says more than that a connection was closed. Thread-safe.
   */
  public synchronized String trouble() {
    return away && connections.containsValue(false) ? reason : null;
  }

  /** A connection is up. */
  synchronized void up(HeldConnection<?> connection) {
    connections.put(connection, true);
    endWhenCalm();
  }

  /** A connection is no longer needed. */
  synchronized void closed(HeldConnection<?> connection) {
    refused.remove(connection);
    connections.remove(connection);
    endWhenCalm();
  }

  private boolean begins(HeldConnection<?> connection, String begunBy) {
    connections.put(connection, false);
    events++;
    if (begunBy == null) {
      return false;
    }
    if (away && wanted) {
      wanted = false;
      reason = begunBy;
      return true;
    }
    if (away) {
      reason = Link.CLOSED.equals(reason) ? begunBy : reason;
      return false;
    }
    away = true;
    wanted = false;
    reason = begunBy;
    beganNanos = System.nanoTime();
    boolean repeated = beganNanos - endedNanos < MAX_CALM.toNanos();
    Duration doubled = calm.multipliedBy(2);
    calm = !repeated ? initialCalm : doubled.compareTo(MAX_CALM) < 0 ? doubled : MAX_CALM;
    return true;
  }

  private void endWhenCalm() {
    if (!away || connections.containsValue(false)) {
      return;
    }
    long event = ++events;
    long backNanos = System.nanoTime();
    // No timer of an event loop, which would end with its verticle.
    CompletableFuture.delayedExecutor(calm.toNanos(), TimeUnit.NANOSECONDS)
        .execute(() -> end(event, backNanos));
  }

  private synchronized void end(long event, long backNanos) {
    if (event != events) {
      return;
    }
    away = false;
    endedNanos = System.nanoTime();
    if (!connections.isEmpty() && !wanted) {
      String seconds = String.format(Locale.ROOT, "%.1f", (backNanos - beganNanos) / 1e9);
      LOG.info("{}: connected again after {} s", server, seconds);
    }
  }
}
