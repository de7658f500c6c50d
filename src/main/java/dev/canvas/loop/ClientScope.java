package dev.canvas.loop;

import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A client of Vert.x that leaves nothing behind when it is closed. Vert.x keeps what makes a
 * client's sockets until the verticle ends that made the client, even if the client is closed
 * before: each attempt to reach a server that is away would leave some 3 KB. Here it ends with the
 * client. Thread-safe.
 *
 * @param <T> the client
 */
public final class ClientScope<T> {

  /** For the client to take leave of its server, which may be frozen. */
  private static final long GRACE_S = 2;

  private final CloseFuture opened = new CloseFuture();
  private final T client;
  private final Function<T, Future<Void>> close;

  /**
   * Makes the client. It ends with the current verticle at the latest.
   *
   * @param create makes it, on this thread
   * @param close closes it
   */
  public ClientScope(Vertx vertx, Supplier<T> create, Function<T, Future<Void>> close) {
    ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
    caller.closeFuture().add(opened);
    ContextInternal context =
        ((VertxInternal) vertx)
            .contextBuilder()
            .withThreadingModel(ThreadingModel.EVENT_LOOP)
            .withEventLoop(caller.nettyEventLoop())
            .withCloseFuture(opened)
            .build();
    ContextInternal previous = context.beginDispatch();
    try {
      client = create.get();
    } finally {
      context.endDispatch(previous);
    }
    this.close = close;
  }

  public T client() {
    return client;
  }

  /** Closes the client, without waiting for its server. */
  public void close() {
    close.apply(client).timeout(GRACE_S, TimeUnit.SECONDS).onComplete(closed -> opened.close());
  }
}
