package dev.canvas.http.connection;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The proxies in front of this service whose header fields about their clients are believed.
 * Immutable.
 *
 * @param networks where they are; nobody is believed if there are none
 */
public record ProxySettings(List<IpSubnetFilterRule> networks) {

  /** Believes nobody. */
  public static final ProxySettings NONE = new ProxySettings(List.of());

  /** Copies the list. */
  public ProxySettings {
    networks = List.copyOf(networks);
  }

  /**
   * Reads addresses and networks such as {@code 10.0.0.7}, {@code 10.0.0.0/8} or {@code fd00::/8}.
   *
   * @throws IllegalArgumentException if one is neither
   */
  public static ProxySettings of(List<String> networks) {
    return new ProxySettings(networks.stream().map(ProxySettings::network).toList());
  }

  private static IpSubnetFilterRule network(String text) {
    String[] parts = text.split("/", 2);
    byte[] address = NetUtil.createByteArrayFromIpAddressString(parts[0]);
    if (address == null) {
      throw new IllegalArgumentException(text);
    }
    int prefix = parts.length == 1 ? 8 * address.length : Integer.parseInt(parts[1]);
    return new IpSubnetFilterRule(parts[0], prefix, IpFilterRuleType.ACCEPT);
  }

  /** Whether an address is that of such a proxy. */
  boolean areAt(InetAddress address) {
    InetSocketAddress socket = new InetSocketAddress(address, 0);
    for (IpSubnetFilterRule network : networks) {
      if (network.matches(socket)) {
        return true;
      }
    }
    return false;
  }
}
