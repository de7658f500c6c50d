package dev.canvas.http.access;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origins whose pages may read and write from a browser (RFC 6454, section 4). Immutable.
 *
 * @param readers the origin whose pages may read, or {@code *} for all
 * @param writers the origins whose pages may write, and read
 * @param publicUrl the origin under which visitors know this site; null for the one in the Host of
 *     each request
 */
public record OriginSettings(String readers, Set<String> writers, String publicUrl) {

  /** Schemes of apps have origins too, such as {@code capacitor://localhost}. */
  private static final Pattern ORIGIN =
      Pattern.compile(
          "([a-z][a-z0-9+.-]*)://([^/:@?#\\s,\\[\\]]+|\\[[0-9a-f:.]+])(?::(\\d{1,5}))?/?",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern HOST = Pattern.compile("[a-z0-9._-]+|\\[[0-9a-f:.]+]");

  /** Copies the origins. */
  public OriginSettings {
    writers = Set.copyOf(writers);
  }

  /**
   * Returns an origin as browsers send it: in lower case, its host in ASCII, without the default
   * port and without a slash; empty if the text is no origin.
   */
  public static Optional<String> normal(String text) {
    Matcher parts = ORIGIN.matcher(text.strip());
    if (!parts.matches()) {
      return Optional.empty();
    }
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    String host = ascii(parts.group(2));
    if (!HOST.matcher(host).matches()) {
      return Optional.empty();
    }
    int port = parts.group(3) == null ? -1 : Integer.parseInt(parts.group(3));
    if (port > 65_535) {
      return Optional.empty();
    }
    return Optional.of(of(scheme, host, port));
  }

  /** An origin without its default port. */
  static String of(String scheme, String host, int port) {
    boolean isDefault =
        port < 0
            || (port == 80 && scheme.equals("http"))
            || (port == 443 && scheme.equals("https"));
    return scheme + "://" + host + (isDefault ? "" : ":" + port);
  }

  private static String ascii(String host) {
    if (host.startsWith("[")) {
      return host.toLowerCase(Locale.ROOT);
    }
    try {
      return IDN.toASCII(host).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException noName) {
      return "";
    }
  }
}
