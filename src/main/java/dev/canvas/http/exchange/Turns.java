package dev.canvas.http.exchange;

import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Lets long work on an event loop take turns with everything else that the loop does: one piece of
 * work for each turn of the loop, in the order in which they were asked for. So many large answers
 * together hold the loop for no longer than one of their pieces.
 *
 * <p>{@code Context.runOnContext} would not do: Netty runs tasks that add tasks for up to a second
 * before it looks at its sockets again. It runs a timer that is due only after it has looked.
 *
 * <p>Not thread-safe: confined to one event loop.
 */
public final class Turns {

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

  @SuppressWarnings("FutureReturnValueIgnored") // It ends with its loop.
  private void schedule(ContextInternal context) {
    scheduled = true;
    context.nettyEventLoop().schedule(this::next, 0, TimeUnit.NANOSECONDS);
  }

  private void next() {
    Piece piece = waiting.remove();
    scheduled = false;
    if (!waiting.isEmpty()) {
      schedule(piece.context);
    }
    piece.context.dispatch(piece.work);
  }
}
