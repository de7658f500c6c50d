package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.ListenAddress;
import dev.canvas.app.config.NodeCluster;
import dev.canvas.app.config.StartFailure;
import dev.canvas.cluster.ClusterSettings;
import dev.canvas.control.NodeRole;
import dev.canvas.http.HttpSettings;
import dev.canvas.http.access.AccessSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;

/** The checks that a start enforces before it touches a server, and that the doctor reports. */
public final class StartChecks {

  private static final String HOW_TO_CONFIGURE_ACCESS =
      "set auth.mode (CANVAS_AUTH_MODE) to keys ('./canvas key' creates one) or jwt, or to none to"
          + " leave writing open";

  private StartChecks() {}

  /**
   * Checks that the service can write temporary files and listen on its ports.
   *
   * @throws StartFailure naming what it cannot use
   */
  public static void requireMachine(Configuration configuration) {
    TemporaryFiles.require();
    requireFreePorts(configuration);
  }

  /**
   * Checks that the service can listen on its ports.
   *
   * @throws StartFailure naming a port that is in use
   */
  static void requireFreePorts(Configuration configuration) {
    if (configuration.has(NodeRole.HTTP)) {
      requireFree("http", configuration.http().host(), configuration.http().port());
    }
    configuration.cluster().map(NodeCluster::membership).ifPresent(StartChecks::requireFreePorts);
    if (configuration.bridge().isEnabled()) {
      requireFree("bridge_tcp", configuration.bridge().host(), configuration.bridge().port());
    }
    requireFree("management", configuration.management().host(), configuration.management().port());
  }

  /**
   * Checks that the configuration says who may write.
   *
   * @throws StartFailure if it does not
   */
  public static void requireWriteAccess(AccessSettings access) {
    if (access instanceof AccessSettings.Undecided) {
      throw new StartFailure("Write access is not configured: " + HOW_TO_CONFIGURE_ACCESS);
    }
  }

  private static void requireFreePorts(ClusterSettings cluster) {
    requireFree("cluster", cluster.host(), cluster.port());
    requireFree("cluster", cluster.host(), cluster.busPort());
  }

  static Finding ports(Configuration configuration) {
    try {
      requireFreePorts(configuration);
      return Finding.ok(
          "ports",
          configuration.http().port() + " and " + configuration.management().port() + " are free");
    } catch (StartFailure inUse) {
      return Finding.warn("ports", inUse.getMessage(), "ignore this if Canvas itself is running");
    }
  }

  static Finding writeAccess(HttpSettings http) {
    if (http.access() instanceof AccessSettings.Undecided) {
      return Finding.fail("writing", "write access is not configured", HOW_TO_CONFIGURE_ACCESS);
    }
    if (http.access() instanceof AccessSettings.Open) {
      return Finding.warnUnless(
          Configuration.isLoopback(http.host()),
          "writing",
          "open to anyone who can reach " + new ListenAddress(http.host(), http.port()),
          "set auth.mode (CANVAS_AUTH_MODE) to keys or jwt, or block access to that port");
    }
    return Finding.ok(
        "writing",
        http.access() instanceof AccessSettings.Keys ? "requires a key" : "requires a token");
  }

  private static void requireFree(String name, String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException inUse) {
      throw new StartFailure(
          "Port %d of %s is not available (%s): stop the process that uses it, or set CANVAS_%s_PORT to another port"
              .formatted(port, host, inUse.getMessage(), name.toUpperCase(Locale.ROOT)),
          inUse);
    }
  }
}
