package dev.canvas.data.connection;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * A permanent connection that carries every command of one event loop. It reconnects until the
 * server answers again, and is its own circuit breaker: while it is down, commands fail at once.
 *
 * <p>When a command misses its deadline, the connection is dropped. One that {@linkplain
 * Link#isStateless has no state} pauses first: it takes no more commands, but it is kept, because
 * on a busy machine a healthy server may have to wait that long for a processor. The first answer
 * that arrives ends the pause. A server that stays silent for four deadlines has died or frozen.
 *
 * <p>Belongs to one event loop; {@link #isUp()} and {@link #session()} may be called by any thread.
 *
 * @param <S> what commands are sent to
 */
public final class HeldConnection<S> {

  /**
   * The server could not be reached or did not answer in time. Has no stack trace, because every
   * caller gets one during an outage.
   */
  public static final class UnavailableException extends RuntimeException {

    private final boolean sent;

    public UnavailableException(String message, Throwable cause) {
      this(message, cause, false);
    }

    private UnavailableException(String message, Throwable cause, boolean sent) {
      super(message, cause, false, false);
      this.sent = sent;
    }

    /** Whether the server may have received the command. */
    public boolean isSent() {
      return sent;
    }
  }

  /** Long enough for an attempt on a frozen server to succeed as soon as the server resumes. */
  private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(3);

  private static final long MIN_DELAY_MS = 20;

  /** Short, so that a server that is back is used soon: an attempt costs little. */
  private static final long MAX_DELAY_MS = 400;

  /** A connection that ends sooner has not shown that the next can do without a longer pause. */
  private static final Duration STEADY = Duration.ofSeconds(1);

  private final Context context;
  private final OutageLog outages;
  private final String server;
  private final AnswerDeadline answers;
  private final Function<Runnable, Link<S>> open;
  private Link<S> link;
  private volatile S session;
  private long delayMs = MIN_DELAY_MS;
  private long upSinceNanos;
  private volatile boolean paused;
  private boolean used;
  private boolean closed;

  /**
   * @param outages of the server, shared by the connections of the process
   * @param server its name in failures
   * @param deadline the longest that a command may take
   * @param open starts an attempt to connect; the link runs the argument when the server closes the
   *     connection
   */
  public HeldConnection(
      Context context,
      OutageLog outages,
      String server,
      Duration deadline,
      Function<Runnable, Link<S>> open) {
    this.context = context;
    this.outages = outages;
    this.server = server;
    this.answers = new AnswerDeadline(context.owner(), deadline);
    this.open = open;
  }

  /** Whether the connection is established and takes commands. */
  public boolean isUp() {
    return session != null && !paused;
  }

  /** Whether the server answers, but refuses to store what it is sent. */
  public boolean isRefused() {
    return outages.isRefused(this);
  }

  /** Notes that the server has refused to store something. */
  public void refused(Throwable refusal) {
    if (session != null) {
      outages.refused(this, link.explain(refusal));
    }
  }

  /** If the server has refused to store something, asks it again. */
  public void retry(Function<S, Future<Void>> storing) {
    if (isRefused()) {
      call(storing).onSuccess(stored -> accepted());
    }
  }

  /** Notes that the server stores what it is sent, by whichever connection. */
  public void accepted() {
    outages.accepted();
  }

  /** What commands are sent to; null while there is no connection. */
  public S session() {
    return session;
  }

  /**
   * Connects, and from then on reconnects whenever the connection is lost.
   *
   * @return the result of the first attempt; after a failed one the attempts continue
   */
  public Future<Void> connect() {
    Promise<Void> first = Promise.promise();
    attempt(first);
    return first.future();
  }

  /** Closes the connection and stops reconnecting. */
  public void close() {
    closed = true;
    session = null;
    if (link != null) {
      link.close();
    }
    outages.closed(this);
  }

  /** Sends a command; fails with {@link UnavailableException} if no answer came. */
  public <T> Future<T> call(Function<S, Future<T>> command) {
    S current = session;
    if (current == null || paused) {
      return Future.failedFuture(new UnavailableException(server + " is unreachable", null));
    }
    used = true;
    Link<S> sender = link;
    return answers
        .within(command.apply(current))
        .recover(
            failure -> {
              boolean late = failure instanceof AnswerDeadline.LateException;
              if (!late && !sender.isFatal(failure)) {
                return Future.failedFuture(failure);
              }
              String reason = sender.explain(failure);
              if (late && sender.isStateless()) {
                pause(sender);
              } else {
                drop(sender, failure instanceof UnavailableException ? null : reason);
              }
              return Future.failedFuture(
                  new UnavailableException(server + ": " + reason, failure, true));
            });
  }

  /**
   * Replaces the connection if it is up. Whoever wants that logs why: it is no outage, unless it
   * lasts.
   */
  public void renew(String reason) {
    if (!closed && session != null && !paused) {
      outages.renewed(this, reason);
      drop(link, null);
    }
  }

  /** Whether a command has been sent since the last such question. */
  boolean wasUsed() {
    boolean was = used;
    used = false;
    return was;
  }

  private void attempt(Promise<Void> first) {
    if (closed) {
      first.tryFail(new UnavailableException(server + ": closed", null));
      return;
    }
    // The link may report its end before open returns, when there is no reference to compare yet.
    Promise<Void> ended = Promise.promise();
    Link<S> opening = open.apply(ended::tryComplete);
    link = opening;
    ended.future().onSuccess(end -> drop(opening, opening.end()));
    Future<S> ready =
        opening
            .ready()
            .compose(
                opened ->
                    ended.future().isComplete()
                        ? Future.failedFuture(opening.end())
                        : Future.succeededFuture(opened));
    new AnswerDeadline(context.owner(), CONNECT_DEADLINE)
        .within(ready)
        .onComplete(
            opened -> {
              if (closed || link != opening) {
                opening.close();
                return;
              }
              upSinceNanos = System.nanoTime();
              session = opened;
              outages.up(this);
              first.tryComplete();
            },
            failure -> {
              opening.close();
              String reason = opening.explain(failure);
              first.tryFail(new UnavailableException(server + ": " + reason, failure));
              if (link == opening) {
                link = null;
                reconnectLater(failure instanceof UnavailableException ? null : reason);
              }
            });
  }

  private void pause(Link<S> silent) {
    if (paused || closed || link != silent || session == null) {
      return;
    }
    paused = true;
    answers
        .sign()
        .onComplete(alive -> endPause(silent), dead -> drop(silent, silent.explain(dead)));
  }

  private void endPause(Link<S> answered) {
    if (link == answered) {
      paused = false;
    }
  }

  private void drop(Link<S> ended, String reason) {
    if (closed || link != ended || session == null) {
      return;
    }
    outages.lost(this, reason);
    session = null;
    paused = false;
    link = null;
    ended.close();
    if (System.nanoTime() - upSinceNanos > STEADY.toNanos()) {
      delayMs = MIN_DELAY_MS;
    }
    reconnectLater(reason);
  }

  private void reconnectLater(String reason) {
    if (closed) {
      return;
    }
    // Half of the delay is random, so that many event loops do not reconnect at once.
    long wait = delayMs / 2 + ThreadLocalRandom.current().nextLong(delayMs / 2 + 1);
    delayMs = Math.min(MAX_DELAY_MS, delayMs * 2);
    context.owner().setTimer(wait, tick -> reconnect(reason));
  }

  private void reconnect(String reason) {
    // The owner of a connection that it must have closes it when the first attempt fails.
    if (!closed) {
      outages.unreachable(this, reason);
      attempt(Promise.promise());
    }
  }
}
