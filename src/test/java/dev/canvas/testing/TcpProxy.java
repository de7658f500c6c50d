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
 * A TCP proxy between a service and one of its servers that injects faults: delay, low bandwidth,
 * stalls, forgotten connections, resets and refused connections. A fault also applies to open
 * connections, from the moment that its method returns.
 *
 * <p>Thread-safe: all work happens on an event loop of its own.
 */
public final class TcpProxy implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context loop = vertx.getOrCreateContext();
  private final NetClient client = vertx.createNetClient();
  private final NetServer listener = vertx.createNetServer();
  private final TcpFault fault = new TcpFault();
  private final Set<ProxiedConnection> connections = new HashSet<>();
  private final String address;
  private URI server;
  private boolean refusing;

  /**
   * Listens on a free port of 127.0.0.1.
   *
   * @param serverUri the server to forward to, such as {@code redis://host:port}
   */
  public TcpProxy(String serverUri) {
    this(serverUri, "127.0.0.1");
  }

  /**
   * Listens on a free port.
   *
   * @param serverUri the server to forward to, such as {@code redis://host:port}
   * @param address of this machine, to listen on
   */
  public TcpProxy(String serverUri, String address) {
    this.server = URI.create(serverUri);
    this.address = address;
    listener.connectHandler(this::accept);
    await(listener.listen(0, address));
  }

  /** The URI that reaches the server through this proxy. */
  public String uri() {
    String direct = server.getHost() + ":" + server.getPort();
    return server.toString().replace(direct, address + ":" + listener.actualPort());
  }

  /** Delays each byte in both directions. */
  public void delay(Duration delay) {
    change(() -> fault.delay(delay));
  }

  /** Limits the bandwidth per connection and direction. */
  public void limit(long bytesPerSecond) {
    change(() -> fault.limit(bytesPerSecond));
  }

  /** Accepts connections and bytes, but forwards nothing, not even the close of a socket. */
  public void stall() {
    change(fault::stall);
  }

  /**
   * Forgets connections on which nothing has been sent for so long, as firewalls do: what is sent
   * on them later is dropped, and neither side is told. New ones work.
   */
  public void forgetIdle(Duration memory) {
    change(() -> fault.forgetIdle(memory));
  }

  /** Closes all connections. New ones are accepted. */
  public void cut() {
    change(() -> List.copyOf(connections).forEach(ProxiedConnection::cut));
  }

  /** Closes every other connection. New ones are accepted. */
  public void cutHalf() {
    change(
        () -> {
          List<ProxiedConnection> open = List.copyOf(connections);
          for (int i = 0; i < open.size(); i += 2) {
            open.get(i).cut();
          }
        });
  }

  /** Closes new connections at once. Open ones stay. */
  public void refuse() {
    change(() -> refusing = true);
  }

  /** Leads new connections to another server. Open ones stay. */
  public void leadTo(String serverUri) {
    change(() -> server = URI.create(serverUri));
  }

  /** Ends all faults. Bytes that were held back are forwarded in their order. */
  public void mend() {
    change(
        () -> {
          refusing = false;
          fault.mend();
        });
  }

  /** The number of open connections. */
  public int connections() {
    Promise<Integer> count = Promise.promise();
    loop.runOnContext(now -> count.complete(connections.size()));
    return await(count.future());
  }

  private void accept(NetSocket clientSocket) {
    if (refusing) {
      clientSocket.close();
      return;
    }
    clientSocket.pause();
    Future<?> clientClosed = ProxiedConnection.closed(clientSocket);
    client
        .connect(server.getPort(), server.getHost())
        .onComplete(
            serverSocket ->
                add(new ProxiedConnection(vertx, fault, clientSocket, clientClosed, serverSocket)),
            unreachable -> clientSocket.close());
  }

  private void add(ProxiedConnection connection) {
    connections.add(connection);
    connection.open(() -> connections.remove(connection));
  }

  private void change(Runnable change) {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(
        now -> {
          change.run();
          List.copyOf(connections).forEach(ProxiedConnection::forward);
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
