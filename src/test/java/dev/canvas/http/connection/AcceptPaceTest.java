package dev.canvas.http.connection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.canvas.http.HttpSettings;
import dev.canvas.http.RunningHttp;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many connections at once, with real sockets. */
class AcceptPaceTest {

  /** How many connections a storm has, where the limit of open files allows it. */
  private static final int STORM = 4_000;

  private static final int THREADS = 20;
  private static final String REQUEST = "GET /api/products/7/media HTTP/1.1\r\nHost: a\r\n\r\n";

  /** A loop that takes nothing gets no more than a few connections; later it gets all. */
  @Test
  void acceptingPausesWhileALoopIsLate() throws Exception {
    int clients = 5 * AcceptPace.MAX_WAITING;
    EventLoopGroup acceptor = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    CountDownLatch late = new CountDownLatch(1);
    AtomicInteger accepted = new AtomicInteger();
    List<Socket> sockets = new ArrayList<>();
    try {
      Channel port =
          new ServerBootstrap()
              .group(acceptor, loop)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, clients)
              .childHandler(new Idle())
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      port.pipeline().addFirst(new AcceptPace(), new Counter(accepted));
      loop.execute(() -> awaitQuietly(late));
      for (int i = 0; i < clients; i++) {
        Socket socket = new Socket();
        socket.connect(port.localAddress());
        sockets.add(socket);
      }
      await().until(() -> !port.config().isAutoRead());
      // Behind what the acceptor is doing.
      acceptor.submit(() -> {}).sync();
      assertTrue(accepted.get() < 2 * AcceptPace.MAX_WAITING, accepted + " accepted");
      late.countDown();
      await().until(() -> accepted.get() == clients);
      assertTrue(port.config().isAutoRead());
    } finally {
      late.countDown();
      for (Socket socket : sockets) {
        socket.close();
      }
      acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  /** Of thousands of clients that connect at once, and of one that is connected, none fails. */
  @Test
  void everyConnectionOfAStormIsAnswered() throws Exception {
    int storm = storm();
    var bounds = new HttpSettings.Connections(2 * storm, 0, Duration.ofMinutes(1), Duration.ZERO);
    for (int start = 0; start < 2; start++) {
      RunningHttp http = new RunningHttp(bounds);
      try {
        http.media().put(7, new JsonObject().put("alt", "x"));
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> beside =
            CompletableFuture.supplyAsync(() -> readUntil(http, over));
        assertEquals(storm, answered(http, storm));
        over.set(true);
        assertTrue(beside.join() > 0);
        assertEquals(0, http.count("canvas.connections.cut", "reason", "full"));
      } finally {
        http.close();
      }
    }
  }

  /** Both ends of each connection are in this process. */
  private static int storm() {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long limit = system.getMaxFileDescriptorCount();
    long left = limit - system.getOpenFileDescriptorCount() - 200;
    int storm = (int) Math.min(STORM, left / 2);
    assertTrue(storm >= 300, "ulimit -Hn is " + limit + ": expected 1,000 or more");
    return storm;
  }

  /** Opens all connections, then asks on each, and returns how many answers were 200. */
  private static int answered(RunningHttp http, int storm) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      return IntStream.range(0, THREADS)
          .mapToObj(i -> storm / THREADS + (i < storm % THREADS ? 1 : 0))
          .map(count -> CompletableFuture.supplyAsync(() -> ask(http, count), threads))
          .toList()
          .stream()
          .mapToInt(CompletableFuture::join)
          .sum();
    } finally {
      threads.shutdown();
    }
  }

  private static int ask(RunningHttp http, int count) {
    List<Socket> sockets = new ArrayList<>();
    try {
      int answered = 0;
      try {
        for (int i = 0; i < count; i++) {
          Socket socket = new Socket();
          socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), http.port()));
          socket.setSoTimeout(30_000);
          socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
          sockets.add(socket);
        }
        for (Socket socket : sockets) {
          String head = new String(socket.getInputStream().readNBytes(15), StandardCharsets.UTF_8);
          answered += head.equals("HTTP/1.1 200 OK") ? 1 : 0;
        }
      } finally {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
      return answered;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int readUntil(RunningHttp http, AtomicBoolean over) {
    int read = 0;
    try {
      while (!over.get()) {
        assertEquals(200, http.get("/api/products/7/media").statusCode());
        read++;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    return read;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does nothing with any number of connections. */
  @Sharable
  private static final class Idle extends ChannelInboundHandlerAdapter {}

  /** Counts what a port accepts. */
  private static final class Counter extends ChannelInboundHandlerAdapter {
    private final AtomicInteger accepted;

    Counter(AtomicInteger accepted) {
      this.accepted = accepted;
    }

    @Override
    public void channelRead(ChannelHandlerContext port, Object connection) {
      accepted.incrementAndGet();
      port.fireChannelRead(connection);
    }
  }
}
