package dev.canvas.http.exchange;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets long work on an event loop take turns with everything else that the loop does: at least one
 * piece of work for each turn of the loop, and more while they are short, in the order in which
 * they were asked for. So many large answers together hold the loop hardly longer than one of their
 * pieces.
 *
 * <p>{@code Context.runOnContext} would not do: Netty runs tasks that add tasks for up to a second
 * before it looks at its sockets again. It runs a timer that is due only after it has looked.
 *
 * <p>Not thread-safe: confined to one event loop.
 */
public final class Turns {

  /** No further piece begins in a turn after this time, in ns. */
  private static final long MAX_NANOS = 1_000_000;

  private record Piece(ContextInternal context, Runnable work) {}

  private final Queue<Piece> waiting = new ArrayDeque<>();
  private boolean scheduled;

  private Turns() {}

  /** The turns of the current verticle. */
  public static Turns current() {
    ContextInternal context = ContextInternal.current();
    return (Turns) context.contextData().computeIfAbsent(Turns.class, first -> new Turns());
  }

  /** Runs a piece of work on the current context when it is its turn. */
  public void await(Runnable work) {
    Piece piece = new Piece(ContextInternal.current(), work);
    waiting.add(piece);
    if (!scheduled) {
      schedule(piece.context);
    }
  }

  /** Runs a piece of work when it is its turn; completes with its result on the current context. */
  public <T> Future<T> next(Supplier<T> work) {
    Promise<T> result = ContextInternal.current().promise();
    await(
        () -> {
          T made;
          try {
            made = work.get();
          } catch (RuntimeException failure) {
            result.fail(failure);
            return;
          }
          result.complete(made);
        });
    return result.future();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // It ends with its loop.
  private void schedule(ContextInternal context) {
    scheduled = true;
    context.nettyEventLoop().schedule(this::takeTurn, 0, TimeUnit.NANOSECONDS);
  }

  private void takeTurn() {
    long began = System.nanoTime();
    do {
      Piece piece = waiting.remove();
      piece.context.dispatch(piece.work);
    } while (!waiting.isEmpty() && System.nanoTime() - began < MAX_NANOS);
    scheduled = false;
    if (!waiting.isEmpty()) {
      schedule(waiting.peek().context);
    }
  }
}
