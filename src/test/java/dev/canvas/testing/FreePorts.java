package dev.canvas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports of the loopback address that nobody listens on. They are below those that the system
 * gives to connections, so that none takes them before a server does. Thread-safe.
 */
public final class FreePorts {

  private static final Path GIVEN_TO_CONNECTIONS =
      Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  private static final int LOWEST = 12_000;

  /** The lowest port of connections, where the system does not say: the default of Linux. */
  private static final int USUAL_END = 32_768;

  private static final int END = end();

  private FreePorts() {}

  /** A free port. */
  public static int one() {
    return row(1);
  }

  /** A port that is free together with the next one. */
  public static int two() {
    return row(2);
  }

  private static int row(int count) {
    while (true) {
      int first = ThreadLocalRandom.current().nextInt(LOWEST, END - count);
      if (areFree(first, count)) {
        return first;
      }
    }
  }

  private static boolean areFree(int first, int count) {
    for (int port = first; port < first + count; port++) {
      try {
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }

  private static int end() {
    if (!Files.exists(GIVEN_TO_CONNECTIONS)) {
      return USUAL_END;
    }
    try (Scanner numbers = new Scanner(GIVEN_TO_CONNECTIONS, StandardCharsets.US_ASCII)) {
      int lowest = numbers.nextInt();
      // Where connections get nearly all ports, there is no better choice than the usual one.
      return lowest > 2 * LOWEST ? lowest : USUAL_END;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
