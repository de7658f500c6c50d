package dev.canvas.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.dns.DNS_PING;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;

/**
 * Builds the channel of JGroups on which members agree who belongs to the cluster: TCP only, no
 * multicast.
 */
final class MemberChannel {

  /** A member that sends nothing for so long is given up. Its bus is avoided much earlier. */
  private static final int SILENCE_MS = 4_000;

  private static final int HEARTBEAT_MS = 1_000;

  /** How long the first member looks for others. */
  private static final int JOIN_MS = 1_500;

  /** How often members look for others that belong to the same cluster, after a split. */
  private static final int MERGE_MIN_MS = 1_000;

  private static final int MERGE_MAX_MS = 3_000;

  /** A connection that is not made within this time is given up: others wait for it meanwhile. */
  private static final int CONNECT_MS = 500;

  /** What may be under way to a member. Whoever sends more waits, and that may be an event loop. */
  private static final long UNREAD_BYTES = 4_000_000;

  private MemberChannel() {}

  /**
   * @param tls empty if every process of this machine is trusted
   */
  static JChannel of(ClusterSettings settings, Optional<MemberTls> tls) {
    try {
      JChannel channel =
          new JChannel(
              transport(settings, tls),
              discovery(settings),
              new MERGE3().setMinInterval(MERGE_MIN_MS).setMaxInterval(MERGE_MAX_MS),
              new FD_ALL3().setTimeout(SILENCE_MS).setInterval(HEARTBEAT_MS),
              new VERIFY_SUSPECT2().setTimeout(HEARTBEAT_MS),
              new NAKACK2().useMcastXmit(false),
              new UNICAST3(),
              new STABLE(),
              new GMS().setJoinTimeout(JOIN_MS).printLocalAddress(false),
              new UFC().setMaxCredits(UNREAD_BYTES),
              new MFC().setMaxCredits(UNREAD_BYTES),
              new FRAG4());
      // The id of the node. Another one after a restart, so that nothing of its last life is taken
      // for this one; what follows # is no part of the names of metrics.
      return channel.name(
          "%s:%d#%s"
              .formatted(
                  settings.host(), settings.port(), UUID.randomUUID().toString().substring(0, 6)));
    } catch (Exception failure) {
      throw new ClusterException(failure);
    }
  }

  private static Protocol transport(ClusterSettings settings, Optional<MemberTls> tls)
      throws Exception {
    TCP tcp = new TCP();
    tcp.setBindAddress(InetAddress.getByName(settings.host()));
    tcp.setBindPort(settings.port());
    // This port or none: a port beside it belongs to the event bus.
    tcp.setPortRange(0);
    tcp.setSockConnTimeout(CONNECT_MS);
    tls.ifPresent(files -> tcp.setSocketFactory(new MemberSockets(files)));
    return tcp;
  }

  private static Protocol discovery(ClusterSettings settings) {
    if (settings.dnsName().isPresent()) {
      DNS_PING dns = new DNS_PING();
      dns.setValue("dns_query", settings.dnsName().get());
      dns.setValue("dns_record_type", "A");
      dns.returnEntireCache(true);
      return dns;
    }
    List<InetSocketAddress> members =
        settings.members().stream()
            .map(member -> new InetSocketAddress(member.host(), member.port()))
            .toList();
    // Members tell each other where the others are, so that not each has to list all.
    return new TCPPING().initialHosts(members).portRange(0).returnEntireCache(true);
  }
}
