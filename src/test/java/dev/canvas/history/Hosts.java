package dev.canvas.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes {@link Host}s whose links meet at a bridge in the network namespace of this process, which
 * has to be one of its own: {@code perf/history} makes it, and it vanishes with the process.
 */
final class Hosts {

  /** The address at which the hosts reach this process. */
  static final String CENTRE = "10.77.0.1";

  private static final String ADDRESS = "10.77.0.1%d";

  private static final String BRIDGE = "bridge0";

  private Hosts() {}

  /** Makes hosts that reach each other, and this process. */
  static List<Host> make(int number) {
    requireOwnNamespace();
    ip("link", "add", BRIDGE, "type", "bridge");
    ip("address", "add", CENTRE + "/24", "dev", BRIDGE);
    ip("link", "set", BRIDGE, "up");
    List<Host> hosts = new ArrayList<>();
    for (int each = 1; each <= number; each++) {
      hosts.add(make(new Host("host" + each, ADDRESS.formatted(each), "link" + each)));
    }
    return hosts;
  }

  private static Host make(Host host) {
    String namespace = host.namespace();
    ip("netns", "add", namespace);
    ip("link", "add", host.link(), "type", "veth", "peer", "name", "eth0", "netns", namespace);
    ip("link", "set", host.link(), "master", BRIDGE, "up");
    ip("-n", namespace, "address", "add", host.address() + "/24", "dev", "eth0");
    ip("-n", namespace, "link", "set", "eth0", "up");
    ip("-n", namespace, "link", "set", "lo", "up");
    return host;
  }

  /** Where other machines can be reached, a bridge might take their addresses. */
  private static void requireOwnNamespace() {
    try {
      if (!NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .allMatch(InetAddress::isLoopbackAddress)) {
        throw new IllegalStateException(
            "Hosts are made in a network namespace of their own: run perf/history --cluster");
      }
    } catch (SocketException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Runs {@code ip} of iproute2. */
  static void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
