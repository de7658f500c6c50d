package dev.canvas.app.config;

import dev.canvas.control.NodeRole;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports that a process listens on, which have to differ: the system lets two servers of one
 * process share a port, and clients would reach one or the other by turns.
 */
final class Ports {

  /**
   * A port to listen on.
   *
   * @param name for the operator
   */
  private record Port(String name, InetAddress address, int number) {

    boolean overlaps(Port other) {
      return number == other.number
          && number != 0
          && (address.equals(other.address)
              || address.isAnyLocalAddress()
              || other.address.isAnyLocalAddress());
    }
  }

  private final List<Port> ports = new ArrayList<>();

  private Ports() {}

  /**
   * Checks the ports of a process.
   *
   * @throws StartFailure naming two settings that are the same port
   */
  static Configuration requireDistinct(Configuration configuration) {
    Ports ports = new Ports();
    if (configuration.has(NodeRole.HTTP)) {
      ports.add("http.port", configuration.http().host(), configuration.http().port());
    }
    ports.add(
        "management.port", configuration.management().host(), configuration.management().port());
    ports.add("bridge.tcp.port", configuration.bridge().host(), configuration.bridge().port());
    configuration
        .cluster()
        .map(NodeCluster::membership)
        .ifPresent(
            cluster -> {
              ports.add("cluster.port", cluster.host(), cluster.port());
              ports.add("the one after cluster.port", cluster.host(), cluster.busPort());
            });
    return configuration;
  }

  private void add(String name, String host, int number) {
    try {
      Port added = new Port(name, InetAddress.getByName(host), number);
      for (Port earlier : ports) {
        if (added.overlaps(earlier)) {
          throw new StartFailure(
              "%s and %s are both %d: set one of them to another port"
                  .formatted(earlier.name, name, number));
        }
      }
      ports.add(added);
    } catch (UnknownHostException unknown) {
      // The cluster refuses it by its own name when it starts; the others have been resolved.
    }
  }
}
