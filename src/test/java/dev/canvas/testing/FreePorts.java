package dev.canvas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds ports of the loopback address that nobody listens on. Thread-safe. */
public final class FreePorts {

  private FreePorts() {}

  /** A free port. */
  public static int one() {
    try (ServerSocket socket = on(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A port that is free together with the next one. */
  public static int two() {
    while (true) {
      int port = one();
      try (ServerSocket next = on(port + 1)) {
        return next.getLocalPort() - 1;
      } catch (IOException taken) {
        // Another pair.
      }
    }
  }

  private static ServerSocket on(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
