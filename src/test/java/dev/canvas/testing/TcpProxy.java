package dev.canvas.testing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The network between a service and one of its servers, with faults on demand: slow, narrow,
 * silent, cut off. A change holds for connections that stand as well, from the return of its call.
 *
 * <p>Any thread may use it. It has an event loop of its own, on which all that follows happens.
 */
public final class TcpProxy implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context loop = vertx.getOrCreateContext();
  private final NetClient client = vertx.createNetClient();
  private final NetServer listener = vertx.createNetServer();
  private final TcpFault fault = new TcpFault();
  private final Set<Passage> passages = new HashSet<>();
  private final URI server;
  private boolean refusing;

  /**
   * Listens on a free port of loopback.
   *
   * @param serverUri where it forwards to, such as {@code redis://host:port}
   */
  public TcpProxy(String serverUri) {
    this.server = URI.create(serverUri);
    listener.connectHandler(this::accept);
    await(listener.listen(0, "127.0.0.1"));
  }

  /** The server's URI, by way of this proxy. */
  public String uri() {
    String direct = server.getHost() + ":" + server.getPort();
    return server.toString().replace(direct, "127.0.0.1:" + listener.actualPort());
  }

  /** Holds back each byte so long, in both directions. */
  public void delay(Duration delay) {
    change(() -> fault.delay(delay));
  }

  /** Lets no more than so many bytes a second through, a connection and direction. */
  public void limit(long bytesPerSecond) {
    change(() -> fault.limit(bytesPerSecond));
  }

  /** Accepts connections and bytes, and forwards none, nor tells one side of the other's end. */
  public void stall() {
    change(fault::stall);
  }

  /** Ends all connections; new ones are taken. */
  public void cut() {
    change(() -> List.copyOf(passages).forEach(Passage::cut));
  }

  /** Ends new connections as soon as they are made; those that stand stay. */
  public void refuse() {
    change(() -> refusing = true);
  }

  /** No fault any more. What was held back goes on, in its order. */
  public void mend() {
    change(
        () -> {
          refusing = false;
          fault.mend();
        });
  }

  /** How many connections stand, on either side. */
  public int connections() {
    Promise<Integer> count = Promise.promise();
    loop.runOnContext(now -> count.complete(passages.size()));
    return await(count.future());
  }

  private void accept(NetSocket caller) {
    if (refusing) {
      caller.close();
      return;
    }
    caller.pause();
    Future<?> hungUp = Passage.end(caller);
    client
        .connect(server.getPort(), server.getHost())
        .onComplete(
            called -> add(new Passage(vertx, fault, caller, hungUp, called)),
            away -> caller.close());
  }

  private void add(Passage passage) {
    passages.add(passage);
    passage.open(() -> passages.remove(passage));
  }

  private void change(Runnable change) {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(
        now -> {
          change.run();
          List.copyOf(passages).forEach(Passage::move);
          done.complete();
        });
    await(done.future());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(10, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
