package dev.canvas.app.config;

import dev.canvas.tls.TlsFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which cluster a node belongs to, and whom it trusts. Immutable.
 *
 * @param host the address of this machine at which other nodes reach this one
 * @param port of the membership; the event bus has the next one
 * @param members nodes that may be running, to join them; this one may be among them
 * @param readTimeout how long the answer to a read may take that another node is asked for
 * @param dnsName a name that resolves to the addresses of all nodes, instead of a list
 * @param tls who this node is and which certificates it trusts; without it, every process of this
 *     machine is trusted, and no other machine can connect
 */
public record ClusterSettings(
    String host,
    int port,
    Duration readTimeout,
    List<Member> members,
    Optional<String> dnsName,
    Optional<TlsFiles> tls) {

  private static final String DNS = "dns:";

  private static final Pattern MEMBER =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:,\\[\\]]+)(?::(\\d{1,5}))?");

  /**
   * A node to join.
   *
   * @param host a name or an address
   */
  public record Member(String host, int port) {}

  /** Copies the members. */
  public ClusterSettings {
    members = List.copyOf(members);
  }

  /** The port of the event bus between nodes. */
  public int busPort() {
    return port + 1;
  }

  /** Reads the settings of the cluster; empty if it is not enabled. */
  static Optional<ClusterSettings> read(Settings settings) {
    if (!settings.flag("cluster.enabled")) {
      return Optional.empty();
    }
    String host = settings.text("cluster.host");
    int port = settings.integer("cluster.port", 1, 65_534);
    List<String> names = settings.list("cluster.members");
    Optional<String> dnsName =
        names.size() == 1 && names.get(0).startsWith(DNS)
            ? Optional.of(names.get(0).substring(DNS.length()))
            : Optional.empty();
    List<Member> members = dnsName.isPresent() ? List.of() : members(settings, names, port);
    Optional<TlsFiles> tls = tls(settings);
    if (tls.isEmpty() && !Configuration.isLoopback(host)) {
      throw settings.refused(
          "cluster.host",
          "127.0.0.1, because other machines may join only with certificates"
              + " (cluster.ca, cluster.certificate, cluster.key)");
    }
    Duration readTimeout =
        settings.duration("cluster.read-timeout", Duration.ofMillis(100), Duration.ofMinutes(1));
    return Optional.of(new ClusterSettings(host, port, readTimeout, members, dnsName, tls));
  }

  private static List<Member> members(Settings settings, List<String> names, int port) {
    List<Member> members = new ArrayList<>();
    for (String name : names) {
      Matcher member = MEMBER.matcher(name);
      int memberPort =
          member.matches() && member.group(2) != null ? Integer.parseInt(member.group(2)) : port;
      if (!member.matches() || memberPort < 1 || memberPort > 65_534) {
        throw settings.refused(
            "cluster.members", "hosts such as 10.0.0.1 or node-2:7800, or one dns:name");
      }
      members.add(new Member(member.group(1), memberPort));
    }
    if (members.isEmpty()) {
      throw settings.refused(
          "cluster.members", "hosts such as 10.0.0.1 or node-2:7800, or one dns:name");
    }
    return members;
  }

  private static Optional<TlsFiles> tls(Settings settings) {
    String ca = settings.text("cluster.ca");
    String certificate = settings.text("cluster.certificate");
    String key = settings.text("cluster.key");
    if (ca.isEmpty() && certificate.isEmpty() && key.isEmpty()) {
      return Optional.empty();
    }
    if (ca.isEmpty() || certificate.isEmpty() || key.isEmpty()) {
      throw new StartFailure(
          "cluster.ca, cluster.certificate and cluster.key belong together: set all three");
    }
    try {
      return Optional.of(
          new TlsFiles(ca, certificate, key, false)
              .check("cluster.ca", "cluster.certificate", "cluster.key"));
    } catch (IllegalArgumentException unusable) {
      throw new StartFailure(
          "The certificates of the cluster cannot be used: expected " + unusable.getMessage(),
          unusable);
    }
  }
}
