package dev.canvas.cluster;

import dev.canvas.tls.TlsFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which cluster a node or another service belongs to, and whom it trusts. Immutable.
 *
 * @param host the address of this machine at which other members reach this one
 * @param port of the membership; the event bus has the next one
 * @param members nodes that may be running, to join them; this one may be among them
 * @param dnsName a name that resolves to the addresses of all nodes, instead of a list
 * @param tls who this member is and which certificates it trusts; without it, every process of this
 *     machine is trusted, and no other machine can connect
 */
public record ClusterSettings(
    String host, int port, List<Member> members, Optional<String> dnsName, Optional<TlsFiles> tls) {

  /** What a service has in its environment before the name of a setting. */
  private static final String VARIABLE = "CANVAS_CLUSTER_";

  /** The default of what an environment does not set. */
  private static final Map<String, String> DEFAULTS =
      Map.of("host", "127.0.0.1", "port", "7800", "members", "127.0.0.1");

  private static final int MAX_PORT = 65_534;

  private static final String DNS = "dns:";

  private static final Pattern MEMBER =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:,\\[\\]]+)(?::(\\d{1,5}))?");

  /**
   * A node to join.
   *
   * @param host a name or an address
   */
  public record Member(String host, int port) {}

  /** A setting of the cluster that has a value which cannot be used. */
  public static final class Refused extends IllegalArgumentException {

    private final String name;
    private final String allowed;

    private Refused(String name, String value, String allowed) {
      super("%s is '%s': expected %s".formatted(key(name), value, allowed));
      this.name = name;
      this.allowed = allowed;
    }

    /** The setting, such as {@code cluster.host}. */
    public String key() {
      return key(name);
    }

    /** What can be used. */
    public String allowed() {
      return allowed;
    }

    private static String key(String name) {
      return "cluster." + name;
    }
  }

  /** Copies the members. */
  public ClusterSettings {
    members = List.copyOf(members);
  }

  /** The port of the event bus between members. */
  public int busPort() {
    return port + 1;
  }

  /**
   * Reads the settings of a service from the variables that a node has too: {@code
   * CANVAS_CLUSTER_HOST}, {@code _PORT}, {@code _MEMBERS}, {@code _CA}, {@code _CERTIFICATE} and
   * {@code _KEY}. What is not set has the default of {@code conf/canvas.yaml}.
   *
   * @throws IllegalArgumentException as {@link #of} does
   */
  public static ClusterSettings ofEnvironment(Map<String, String> environment) {
    return of(
        name ->
            environment.getOrDefault(
                VARIABLE + name.toUpperCase(Locale.ROOT), DEFAULTS.getOrDefault(name, "")));
  }

  /**
   * Reads the settings.
   *
   * @param values finds the text of {@code host}, {@code port}, {@code members} (separated by
   *     commas), {@code ca}, {@code certificate} and {@code key}; the last three may be empty
   * @throws Refused naming a setting that cannot be used
   * @throws IllegalArgumentException if the certificates cannot be used
   */
  public static ClusterSettings of(UnaryOperator<String> values) {
    String host = values.apply("host");
    int port = port(values.apply("port"));
    String text = values.apply("members");
    List<String> names =
        Arrays.stream(text.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
    Optional<String> dnsName =
        names.size() == 1 && names.get(0).startsWith(DNS)
            ? Optional.of(names.get(0).substring(DNS.length()))
            : Optional.empty();
    List<Member> members = dnsName.isPresent() ? List.of() : members(names, text, port);
    Optional<TlsFiles> tls =
        tls(values.apply("ca"), values.apply("certificate"), values.apply("key"));
    if (tls.isEmpty() && !isLoopback(host)) {
      throw new Refused(
          "host",
          host,
          "127.0.0.1, because other machines may join only with certificates"
              + " (cluster.ca, cluster.certificate, cluster.key)");
    }
    return new ClusterSettings(host, port, members, dnsName, tls);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // Refused below, like a number out of range.
    }
    throw new Refused("port", text, "a whole number from 1 to " + MAX_PORT);
  }

  private static List<Member> members(List<String> names, String text, int port) {
    List<Member> members = new ArrayList<>();
    for (String name : names) {
      Matcher member = MEMBER.matcher(name);
      int memberPort =
          member.matches() && member.group(2) != null ? Integer.parseInt(member.group(2)) : port;
      if (!member.matches() || memberPort < 1 || memberPort > MAX_PORT) {
        throw noMembers(text);
      }
      members.add(new Member(member.group(1), memberPort));
    }
    if (members.isEmpty()) {
      throw noMembers(text);
    }
    return members;
  }

  private static Refused noMembers(String text) {
    return new Refused("members", text, "hosts such as 10.0.0.1 or node-2:7800, or one dns:name");
  }

  private static Optional<TlsFiles> tls(String ca, String certificate, String key) {
    if (ca.isEmpty() && certificate.isEmpty() && key.isEmpty()) {
      return Optional.empty();
    }
    if (ca.isEmpty() || certificate.isEmpty() || key.isEmpty()) {
      throw new IllegalArgumentException(
          "cluster.ca, cluster.certificate and cluster.key belong together: set all three");
    }
    try {
      return Optional.of(
          new TlsFiles(ca, certificate, key, false)
              .check("cluster.ca", "cluster.certificate", "cluster.key"));
    } catch (IllegalArgumentException unusable) {
      throw new IllegalArgumentException(
          "The certificates of the cluster cannot be used: expected " + unusable.getMessage(),
          unusable);
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      throw new IllegalArgumentException("The host '" + host + "' cannot be resolved", unknown);
    }
  }
}
