package dev.canvas.app.doctor;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.config.ListenAddress;
import dev.canvas.app.config.NodeCluster;
import dev.canvas.app.config.StartFailure;
import dev.canvas.control.NodeRole;
import dev.canvas.http.HttpSettings;
import dev.canvas.http.access.AccessSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  private static void requireFreePorts(Configuration configuration) {
    takenPorts(configuration, Set.of())
        .findFirst()
        .ifPresent(
            taken -> {
              throw new StartFailure(taken.observation() + ": " + taken.remedy());
            });
  }

  /**
   * Looks which ports the service could not listen on.
   *
   * @param others ports that it need not listen on
   */
  private static Stream<Finding> takenPorts(Configuration configuration, Set<Integer> others) {
    List<NeededPort> ports = new ArrayList<>();
    if (configuration.has(NodeRole.HTTP)) {
      ports.add(new NeededPort("http", configuration.http().host(), configuration.http().port()));
    }
    configuration
        .cluster()
        .map(NodeCluster::membership)
        .ifPresent(
            cluster -> {
              ports.add(new NeededPort("cluster", cluster.host(), cluster.port()));
              ports.add(new NeededPort("cluster", cluster.host(), cluster.busPort()));
            });
    if (configuration.bridge().isEnabled()) {
      ports.add(
          new NeededPort(
              "bridge_tcp", configuration.bridge().host(), configuration.bridge().port()));
    }
    ports.add(
        new NeededPort(
            "management", configuration.management().host(), configuration.management().port()));
    return ports.stream()
        .filter(port -> !others.contains(port.number()))
        .flatMap(port -> port.taken().stream());
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

  static Finding ports(Configuration configuration, Optional<RunningCanvas> running) {
    Set<Integer> own = running.map(RunningCanvas::ports).orElse(Set.of());
    Optional<Finding> taken = takenPorts(configuration, own).findFirst();
    if (taken.isPresent()) {
      return running.filter(RunningCanvas::isSilent).isPresent()
          ? Finding.warn("ports", taken.get().observation(), "nothing, if that Canvas uses it")
          : taken.get();
    }
    return Finding.ok(
        "ports",
        own.isEmpty()
            ? "%d and %d are free"
                .formatted(configuration.http().port(), configuration.management().port())
            : "the Canvas that is up listens on "
                + own.stream().map(String::valueOf).collect(Collectors.joining(", ")));
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

  /**
   * A port that the service listens on.
   *
   * @param name the part of its setting's name before {@code port}
   */
  private record NeededPort(String name, String host, int number) {

    /** The finding, if it is taken. */
    Optional<Finding> taken() {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(host), number));
        return Optional.empty();
      } catch (IOException inUse) {
        return Optional.of(
            Finding.fail(
                "ports",
                "Port %d of %s is not available (%s)".formatted(number, host, inUse.getMessage()),
                "stop the process that uses it, or set CANVAS_%s_PORT to another port"
                    .formatted(name.toUpperCase(Locale.ROOT))));
      }
    }
  }
}
