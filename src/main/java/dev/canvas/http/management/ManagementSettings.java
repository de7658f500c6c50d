package dev.canvas.http.management;

import java.util.Set;

/**
 * The address of the management port, and who may use it. Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free port
 * @param hosts names with a dot by which clients may call it, in lower case
 * @param key what everything but the health checks needs as a Bearer credential; empty for none. It
 *     may be replaced later
 */
public record ManagementSettings(String host, int port, Set<String> hosts, String key) {

  /** Copies the names. */
  public ManagementSettings {
    hosts = Set.copyOf(hosts);
  }

  /** Does not show the key. */
  @Override
  public String toString() {
    return "ManagementSettings[" + host + ":" + port + "]";
  }
}
