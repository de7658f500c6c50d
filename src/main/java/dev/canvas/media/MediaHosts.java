package dev.canvas.media;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides which hosts the addresses of files may name, so that no page asks a visitor's browser for
 * something in the visitor's own network. Names are compared, never resolved: a public name may
 * still lead to a private address. Immutable.
 *
 * @param any whether every host is allowed
 * @param publicNames whether all public names are allowed
 * @param names the other names and addresses that are allowed, as {@link #normal} writes them
 * @param domains the domains below which all names are allowed, each with a dot in front
 */
public record MediaHosts(boolean any, boolean publicNames, Set<String> names, Set<String> domains) {

  /** Every host with a public name, and none that is an IP address. */
  public static final MediaHosts PUBLIC = MediaHosts.of(List.of("*"));

  /** Every host: for what has been stored already. */
  static final MediaHosts ANY = new MediaHosts(true, true, Set.of(), Set.of());

  /** The hosts that lead to the machine of whoever asks for them. */
  private static final List<String> THIS_MACHINE = List.of("localhost", "127.0.0.1", "[::1]");

  /**
   * Top-level names that are not in the public DNS: special ones (RFC 6761; RFC 6762 and its
   * appendix G; "internal", reserved by ICANN in 2024), and what many home networks use.
   */
  private static final Set<String> NOT_PUBLIC =
      Set.of(
          "localhost",
          "localdomain",
          "local",
          "internal",
          "intranet",
          "private",
          "corp",
          "home",
          "lan");

  /** RFC 8375. */
  private static final String HOME_NETWORK = ".home.arpa";

  private static final Pattern ENTRY =
      Pattern.compile("(?:\\*\\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\\[[0-9a-f:.]+]");

  public MediaHosts {
    names = Set.copyOf(names);
    domains = Set.copyOf(domains);
  }

  /**
   * The hosts of a list.
   *
   * @param entries host names; {@code *.cdn.example} for all names below one; IP addresses, those
   *     of IPv6 in brackets; {@code *} for every public name
   * @throws IllegalArgumentException if an entry is none of these
   */
  public static MediaHosts of(List<String> entries) {
    boolean publicNames = false;
    Set<String> names = new HashSet<>();
    Set<String> domains = new HashSet<>();
    for (String entry : entries) {
      String host = normal(IDN.toASCII(entry));
      if (entry.equals("*")) {
        publicNames = true;
      } else if (!ENTRY.matcher(host).matches()) {
        throw new IllegalArgumentException("'" + entry + "' is not a host");
      } else if (host.startsWith("*.")) {
        domains.add(host.substring(1));
      } else {
        names.add(host);
      }
    }
    return new MediaHosts(false, publicNames, names, domains);
  }

  /** These hosts, and the machine of whoever asks for a file. */
  MediaHosts andThisMachine() {
    Set<String> more = new HashSet<>(names);
    more.addAll(of(THIS_MACHINE).names());
    return new MediaHosts(any, publicNames, more, domains);
  }

  /**
   * Says what was expected instead of a host; null if addresses may name it.
   *
   * @param host as it stands in an address, that of IPv6 in brackets
   */
  String faultOf(String host) {
    if (host.indexOf('%') >= 0) {
      return "expected no zone (%…) behind an IP address: it has a meaning on one machine only";
    }
    String name = normal(host);
    if (any || names.contains(name) || domains.stream().anyMatch(name::endsWith)) {
      return null;
    }
    if (!publicNames) {
      return "expected a host of the setting media.hosts, or a path on this site";
    }
    if (isAddress(name)) {
      return "expected a host name, not an IP address, unless the setting media.hosts lists it";
    }
    return isPublic(name)
        ? null
        : "expected the name of a public host, not one of this machine or of a private network,"
            + " unless the setting media.hosts lists it";
  }

  private static boolean isAddress(String name) {
    return name.startsWith("[") || Character.isDigit(name.charAt(name.lastIndexOf('.') + 1));
  }

  private static boolean isPublic(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && !NOT_PUBLIC.contains(name.substring(dot + 1)) && !name.endsWith(HOME_NETWORK);
  }

  /** The form in which hosts are compared: small letters, no dot at the end, one form of IPv6. */
  private static String normal(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (!name.startsWith("[")) {
      return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
    try {
      // In brackets there is nothing to look up.
      return '[' + InetAddress.getByName(name).getHostAddress() + ']';
    } catch (UnknownHostException invalid) {
      return name;
    }
  }
}
