package dev.canvas.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends requests without a pause over keep-alive connections, and reconnects only when a response
 * says {@code Connection: close}. Unlike an HTTP client it never retries, so that any other end of
 * a connection counts as a failure. A client whose connection is refused gives up.
 */
final class LoadGenerator implements AutoCloseable {

  /** The failure of a client whose connection was refused. */
  static final String REFUSED = "refused";

  private static final int MAX_FAILURES = 40;

  private final int port;
  private final String request;
  private final List<Thread> clients = new ArrayList<>();
  private final AtomicLong responses = new AtomicLong();
  private final AtomicLong closedByServer = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean running = true;

  /**
   * @param keepAlive the number of clients that keep their connection
   * @param oneShot the number of clients that connect anew for each request
   */
  LoadGenerator(int port, String path, int keepAlive, int oneShot) {
    this.port = port;
    this.request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n";
    for (int i = 0; i < keepAlive + oneShot; i++) {
      boolean keeps = i < keepAlive;
      Thread client = new Thread(() -> run(keeps), "load-" + i);
      clients.add(client);
      client.start();
    }
  }

  long responses() {
    return responses.get();
  }

  /** The number of keep-alive connections that the server asked to close. */
  long closedByServer() {
    return closedByServer.get();
  }

  /** The first failures; more would hide in the output of a test what else it says. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  private void fail(String failure) {
    if (failures.size() < MAX_FAILURES) {
      failures.add(failure);
    }
  }

  private void run(boolean keeps) {
    while (running) {
      int requests = 0;
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        boolean open = true;
        while (running && open) {
          requests++;
          String end = keeps ? "\r\n" : "Connection: close\r\n\r\n";
          socket.getOutputStream().write((request + end).getBytes(StandardCharsets.US_ASCII));
          open = read(in) && keeps;
        }
        if (keeps && running) {
          closedByServer.incrementAndGet();
        }
      } catch (ConnectException refused) {
        fail(REFUSED);
        return;
      } catch (IOException failure) {
        fail(failure + " at request " + requests + " of a connection");
      }
    }
  }

  /** Reads a whole response and returns whether the connection stays open. */
  private boolean read(InputStream in) throws IOException {
    String head = head(in);
    int length =
        Integer.parseInt(head.replaceFirst("(?s).*\r\ncontent-length: (\\d+)\r\n.*", "$1"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new IOException("The body ended early");
    }
    if (head.startsWith("HTTP/1.1 200 ")) {
      responses.incrementAndGet();
    } else {
      fail(head + new String(body, StandardCharsets.UTF_8));
    }
    return !head.contains("\r\nconnection: close\r\n");
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("The connection was cut off after '" + head + "'");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() {
    running = false;
    try {
      for (Thread client : clients) {
        client.join();
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
