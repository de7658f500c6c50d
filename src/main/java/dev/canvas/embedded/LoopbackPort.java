package dev.canvas.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;

/** Chooses the TCP port of a server on 127.0.0.1. */
final class LoopbackPort {

  /** Between choosing a port and listening on it another program can take it: then try anew. */
  private static final int ATTEMPTS = 5;

  /**
   * Below those that systems give to whoever connects or wants any port (Linux from 32768, macOS
   * from 49152): a server that was killed finds its port free when it is started again.
   */
  private static final int LOWEST = 10_000;

  private static final int HIGHEST = 32_767;

  private static final int LOOKS = 200;

  private LoopbackPort() {}

  /**
   * Launches a server on the wanted port, or on a free one when 0 is wanted.
   *
   * @param launch gets the port and throws {@link PortTakenException} when it is taken
   */
  static void launch(int wanted, IntConsumer launch) {
    for (int attempt = 1; ; attempt++) {
      try {
        launch.accept(wanted == 0 ? free() : wanted);
        return;
      } catch (PortTakenException e) {
        if (wanted != 0 || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** 127.0.0.1 and never ::1, on which these servers do not listen. */
  static InetAddress address() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static int free() {
    for (int look = 0; look < LOOKS; look++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
      if (isFree(port)) {
        return port;
      }
    }
    throw new EmbeddedServersException(
        "no free port on 127.0.0.1: of those from %d to %d, %d were tried and are taken; end what"
                .formatted(LOWEST, HIGHEST, LOOKS)
            + " takes them, or name a port");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, address())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
