package dev.canvas.media;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Validates the address of a file: an absolute https URL, or a path on this site. The service never
 * fetches it, but puts it into pages. So it refuses every text that a browser might interpret
 * differently from {@link URI}.
 */
final class MediaUrl {

  /** The maximum length, in characters. */
  static final int MAX_LENGTH = 2_048;

  private static final String HTTPS = "https://";
  private static final int MAX_PORT = 65_535;

  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://");

  /** Letters that IDNA of 2003, which the JDK has, and the IDNA of browsers map differently. */
  private static final Pattern UNLIKE_BROWSERS = Pattern.compile("[ßς\u200c\u200d]");

  private MediaUrl() {}

  /**
   * Says what was expected instead of an invalid address; null if the address is valid.
   *
   * @param allowHttp whether http URLs are valid too
   * @param hosts the hosts that it may name
   */
  static String faultOf(String url, boolean allowHttp, MediaHosts hosts) {
    if (url.length() > MAX_LENGTH) {
      return "expected at most " + MAX_LENGTH + " characters";
    }
    int path = pathOfPlain(url);
    if (path >= 0) {
      return path == 0 ? null : hosts.faultOf(url.substring(HTTPS.length(), path));
    }
    if (!isInert(url)) {
      return "expected no white space, backslash, control or invisible character";
    }
    if (url.startsWith("//")) {
      // URI takes "///host" for a path; browsers take it for a host.
      return "expected a path on this site that begins with one slash";
    }
    try {
      URI uri = new URI(url);
      return url.startsWith("/") ? null : faultOfAbsolute(uri, allowHttp, hosts);
    } catch (URISyntaxException unreadable) {
      return "expected a URI (RFC 3986): " + unreadable.getReason();
    }
  }

  private static String faultOfAbsolute(URI uri, boolean allowHttp, MediaHosts hosts) {
    String scheme = uri.getScheme();
    if (scheme == null
        || !(scheme.equalsIgnoreCase("https") || (allowHttp && scheme.equalsIgnoreCase("http")))) {
      return allowHttp
          ? "expected https://…, http://… or a path on this site"
          : "expected https://… or a path on this site";
    }
    if (uri.getRawUserInfo() != null) {
      return "expected no user name or password";
    }
    // The host is null, too, if it is percent-encoded or not ASCII, or has an underscore.
    String authority = uri.getRawAuthority();
    boolean hasHost = uri.getHost() != null || isNameWithPort(authority);
    if (!hasHost || uri.getPort() > MAX_PORT) {
      return "expected a host name or an IP address, and at most port "
          + MAX_PORT
          + "; write a name with rare letters in its ASCII form (xn--…)";
    }
    if (authority.matches(".*:0+")) {
      return "expected a port from 1 to " + MAX_PORT;
    }
    return hosts.faultOf(
        uri.getHost() != null ? uri.getHost() : authority.replaceFirst(":\\d*$", ""));
  }

  /**
   * Writes the host of an absolute URL in its ASCII form (IDNA), which is the form that is stored.
   * Returns the URL as it is if that has no such form, or if browsers might read its host
   * differently from this method.
   */
  static String withAsciiHost(String url) {
    int begin = url == null ? -1 : url.indexOf("://") + 3;
    if (begin < 3 || !ABSOLUTE.matcher(url).lookingAt()) {
      return url;
    }
    int end = begin;
    boolean ascii = true;
    for (; end < url.length() && "/?#:".indexOf(url.charAt(end)) < 0; end++) {
      ascii &= url.charAt(end) < 0x80;
    }
    String host = url.substring(begin, end);
    if (ascii || UNLIKE_BROWSERS.matcher(host).find()) {
      return url;
    }
    try {
      String name = IDN.toASCII(host).toLowerCase(Locale.ROOT);
      return endOfName(name, 0) == name.length()
          ? url.substring(0, begin) + name + url.substring(end)
          : url;
    } catch (IllegalArgumentException unknown) {
      return url;
    }
  }

  /** Whether an authority is a host name that may have underscores, and perhaps a port. */
  private static boolean isNameWithPort(String authority) {
    String[] parts = authority == null ? new String[0] : authority.split(":", -1);
    boolean hasPort = parts.length == 2 && parts[1].matches("\\d{1,5}");
    return parts.length > 0
        && (parts.length == 1 || (hasPort && Integer.parseInt(parts[1]) <= MAX_PORT))
        && parts[0].contains("_")
        && endOfName(parts[0], 0) == parts[0].length();
  }

  /**
   * Where the path begins in an address that is valid but for its host, as most are: a path, or an
   * https URL with a host name, of unambiguous characters only. Returns -1 for another address.
   */
  private static int pathOfPlain(String url) {
    int path = url.startsWith(HTTPS) ? endOfName(url, HTTPS.length()) : 0;
    if (path < 0 || path == url.length() || url.charAt(path) != '/') {
      return -1;
    }
    if (path == 0 && url.startsWith("//")) {
      return -1;
    }
    for (int i = path; i < url.length(); i++) {
      char c = url.charAt(i);
      if (!isAlphanumeric(c) && "/-._~?=&+,".indexOf(c) < 0) {
        return -1;
      }
    }
    return path;
  }

  /**
   * The index after a host name (RFC 1123, section 2.1, and underscores, which occur in practice);
   * -1 if it is not valid.
   */
  private static int endOfName(String url, int begin) {
    int label = begin;
    int i = begin;
    for (; i < url.length() && url.charAt(i) != '/'; i++) {
      char c = url.charAt(i);
      boolean inside = i > label && url.charAt(i - 1) != '.';
      if (c == '.' && inside && url.charAt(i - 1) != '-') {
        label = i + 1;
      } else if (!isAlphanumeric(c) && c != '_' && !(c == '-' && inside)) {
        return -1;
      }
    }
    boolean ends = i > label && url.charAt(i - 1) != '-';
    // A last label of digits would make it an IP address.
    return ends && !isDigit(url.charAt(label)) ? i : -1;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /**
   * Whether it has nothing that browsers drop or turn into a slash: white space, line ends,
   * backslashes.
   */
  private static boolean isInert(String url) {
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c <= ' ' || c == '\\' || c >= 0x7f) {
        int point = url.codePointAt(i);
        if (c == '\\' || !isVisible(point)) {
          return false;
        }
        i += Character.charCount(point) - 1;
      }
    }
    return true;
  }

  private static boolean isVisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
