package dev.canvas.data;

import dev.canvas.data.connection.HeldConnection;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Passes calls, holds them until it is opened, or fails them as if the server were unreachable.
 * Thread-safe; a held call resumes on its own event loop.
 */
public final class Gate {

  private final List<Future<?>> held = new ArrayList<>();
  private Promise<Void> opened = Promise.promise();
  private Promise<Void> reached = Promise.promise();

  Gate() {
    opened.complete();
  }

  /** Holds calls from now on; completes when the first one has arrived. */
  public synchronized Future<Void> hold() {
    opened = Promise.promise();
    reached = Promise.promise();
    return reached.future();
  }

  /** Passes held and later calls; completes when the held ones have been answered. */
  public synchronized Future<Void> open() {
    List<Future<?>> waiting = List.copyOf(held);
    held.clear();
    if (!opened.tryComplete()) {
      // It was open or shut.
      opened = Promise.promise();
      opened.complete();
    }
    return Future.join(waiting).<Void>mapEmpty().otherwiseEmpty();
  }

  /** Fails calls from now on. */
  public synchronized void shut() {
    opened = Promise.promise();
    opened.fail(new HeldConnection.UnavailableException("shut", null));
  }

  /** Passes a call at once, unless the gate is shut. */
  synchronized <T> Future<T> passUnlessShut(Supplier<Future<T>> call) {
    return opened.future().failed() ? Future.failedFuture(opened.future().cause()) : call.get();
  }

  <T> Future<T> pass(Supplier<Future<T>> call) {
    Promise<T> answer = Promise.promise();
    Future<Void> open;
    synchronized (this) {
      open = opened.future();
      if (!open.isComplete()) {
        held.add(answer.future());
      }
      reached.tryComplete();
    }
    if (open.isComplete()) {
      return open.compose(passed -> call.get());
    }
    Context loop = Vertx.currentContext();
    open.onComplete(
        now -> loop.runOnContext(later -> open.compose(passed -> call.get()).onComplete(answer)));
    return answer.future();
  }
}
