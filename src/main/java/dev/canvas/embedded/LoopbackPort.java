package dev.canvas.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;

/** Chooses the TCP port of a server on 127.0.0.1. */
final class LoopbackPort {

  /**
   * How often a free port is chosen, because another program can take it before the server listens.
   */
  private static final int ATTEMPTS = 5;

  /**
   * The range lies below the ephemeral ports (Linux from 32768, macOS from 49152), so that the port
   * of a server that was killed is still free when it starts again.
   */
  private static final int LOWEST = 10_000;

  private static final int HIGHEST = 32_767;

  private static final int PROBES = 200;

  /** Another program listens on the port of a server. */
  static final class TakenException extends EmbeddedServersException {

    TakenException(String server, int port) {
      super(
          "%s cannot listen on 127.0.0.1:%d: another program uses that port; stop it or choose another port"
              .formatted(server, port));
    }
  }

  private LoopbackPort() {}

  /**
   * Launches a server on the wanted port, or on a free one if that is 0.
   *
   * @param launch receives the port; throws {@link TakenException} if another program uses it
   */
  static void launch(int wanted, IntConsumer launch) {
    for (int attempt = 1; ; attempt++) {
      try {
        launch.accept(wanted == 0 ? free() : wanted);
        return;
      } catch (TakenException e) {
        if (wanted != 0 || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** 127.0.0.1, never ::1, on which the servers do not listen. */
  static InetAddress address() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static int free() {
    for (int probe = 0; probe < PROBES; probe++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
      if (isFree(port)) {
        return port;
      }
    }
    throw new EmbeddedServersException(
        ("no free port on 127.0.0.1: %3$d ports between %1$d and %2$d were tried, and all are in use;"
                + " stop the programs that use them, or choose a port")
            .formatted(LOWEST, HIGHEST, PROBES));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, address())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
