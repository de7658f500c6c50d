package dev.canvas.data.connection;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, held for ever: it carries every command of an event loop, is dropped as soon as a
 * command misses its deadline, and is made anew until the server answers again. It is its own
 * circuit breaker: while there is none, commands fail at once.
 *
 * <p>Belongs to one event loop. {@link #isUp()} may be asked from any thread.
 *
 * @param <S> what commands are sent to
 */
public final class HeldConnection<S> {

  /** No connection stands. Carries no stack trace: it is told to every caller during an outage. */
  public static final class AwayException extends RuntimeException {

    private final boolean sent;

    public AwayException(String message, Throwable cause) {
      this(message, cause, false);
    }

    private AwayException(String message, Throwable cause, boolean sent) {
      super(message, cause, false, false);
      this.sent = sent;
    }

    /** Whether the server may have got the command. */
    public boolean isSent() {
      return sent;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(HeldConnection.class);

  /** Generous: a try that waits for a frozen server is through as soon as the server goes on. */
  private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(3);

  private static final long FIRST_DELAY_MS = 20;

  /** Soon after a server is back it is used; one try costs little, here and there. */
  private static final long LAST_DELAY_MS = 400;

  private final Context context;
  private final String server;
  private final Duration deadline;
  private final Function<Runnable, Link<S>> open;
  private Link<S> link;
  private volatile S session;
  private long delayMs = FIRST_DELAY_MS;
  private boolean closed;

  /**
   * @param server the name to use in the log
   * @param deadline the longest that a command may take
   * @param open starts a try to connect; the argument is to be run when the connection ends by
   *     itself
   */
  public HeldConnection(
      Context context, String server, Duration deadline, Function<Runnable, Link<S>> open) {
    this.context = context;
    this.server = server;
    this.deadline = deadline;
    this.open = open;
  }

  public boolean isUp() {
    return session != null;
  }

  /**
   * What commands are sent to now; null while there is no connection. May be asked by any thread.
   */
  public S session() {
    return session;
  }

  /**
   * Connects, and from then on holds the connection. The future tells how the first try went; after
   * a failed one the tries go on.
   */
  public Future<Void> connect() {
    Promise<Void> first = Promise.promise();
    tryOnce(first);
    return first.future();
  }

  /** Ends the connection; no further try is made. */
  public void close() {
    closed = true;
    session = null;
    if (link != null) {
      link.close();
    }
  }

  /** Sends a command; fails with {@link AwayException} where no answer came. */
  public <T> Future<T> call(Function<S, Future<T>> command) {
    S current = session;
    if (current == null) {
      return Future.failedFuture(new AwayException(server + " is away", null));
    }
    Link<S> sender = link;
    return within(deadline, command.apply(current))
        .recover(
            failure -> {
              boolean late = failure instanceof TimeoutException;
              if (!late && !sender.isFatal(failure)) {
                return Future.failedFuture(failure);
              }
              String reason = late ? "no answer in " + deadline.toMillis() + " ms" : text(failure);
              drop(sender, reason);
              return Future.failedFuture(new AwayException(server + ": " + reason, failure, true));
            });
  }

  private void tryOnce(Promise<Void> first) {
    if (closed) {
      first.tryFail(new AwayException(server + ": closed", null));
      return;
    }
    // The link is told apart from its successors by its own reference, which it has not got yet.
    Promise<Void> lost = Promise.promise();
    Link<S> opening = open.apply(lost::tryComplete);
    link = opening;
    lost.future().onSuccess(ended -> drop(opening, "the server ended the connection"));
    Future<S> ready =
        opening
            .ready()
            .compose(
                session ->
                    lost.future().isComplete()
                        ? Future.failedFuture("the server ended the connection")
                        : Future.succeededFuture(session));
    within(CONNECT_DEADLINE, ready)
        .onComplete(
            opened -> {
              if (closed || link != opening) {
                opening.close();
                return;
              }
              if (delayMs != FIRST_DELAY_MS) {
                LOG.info("{} is back", server);
              }
              delayMs = FIRST_DELAY_MS;
              session = opened;
              first.tryComplete();
            },
            failure -> {
              opening.close();
              first.tryFail(new AwayException(server + ": " + text(failure), failure));
              if (link == opening) {
                link = null;
                tryLater();
              }
            });
  }

  /**
   * The same, failing when the time is over. Future.timeout would tell of that on a thread of its
   * own where the future belongs to no context, as one of several does.
   */
  private <T> Future<T> within(Duration limit, Future<T> future) {
    Promise<T> inTime = Promise.promise();
    long timer =
        context
            .owner()
            .setTimer(
                limit.toMillis(),
                late ->
                    inTime.tryFail(
                        new TimeoutException("Timeout " + limit.toMillis() + " (ms) fired")));
    future.onComplete(
        result -> {
          context.owner().cancelTimer(timer);
          inTime.tryComplete(result);
        },
        failure -> {
          context.owner().cancelTimer(timer);
          inTime.tryFail(failure);
        });
    return inTime.future();
  }

  private void drop(Link<S> ended, String reason) {
    if (closed || link != ended || session == null) {
      return;
    }
    LOG.warn("{} is away: {}", server, reason);
    session = null;
    link = null;
    ended.close();
    tryLater();
  }

  private void tryLater() {
    if (closed) {
      return;
    }
    // Half of the delay is drawn by chance, so that many loops do not knock together.
    long wait = delayMs / 2 + ThreadLocalRandom.current().nextLong(delayMs / 2 + 1);
    delayMs = Math.min(LAST_DELAY_MS, delayMs * 2);
    context.owner().setTimer(wait, tick -> tryOnce(Promise.promise()));
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
