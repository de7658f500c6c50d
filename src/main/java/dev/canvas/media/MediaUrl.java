package dev.canvas.media;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a file may be: at an absolute https URL, or at a path on this site. Never fetched here, but
 * put into pages, so whatever a browser might read otherwise than {@link URI} does is refused.
 */
final class MediaUrl {

  /** The longest one, in characters. */
  static final int MAX_LENGTH = 2_048;

  private static final String HTTPS = "https://";
  private static final int MAX_PORT = 65_535;

  private MediaUrl() {}

  /**
   * What is wrong with it, or null.
   *
   * @param allowHttp whether http will do as well
   */
  static String faultOf(String url, boolean allowHttp) {
    if (url.length() > MAX_LENGTH) {
      return "expected at most " + MAX_LENGTH + " characters";
    }
    if (isPlain(url)) {
      return null;
    }
    if (!isInert(url)) {
      return "expected no white space, backslash, control or invisible character";
    }
    if (url.startsWith("//")) {
      // Three slashes are a path to URI, and a host to browsers.
      return "expected a path on this site to begin with one slash";
    }
    try {
      URI uri = new URI(url);
      return url.startsWith("/") ? null : faultOfAbsolute(uri, allowHttp);
    } catch (URISyntaxException unreadable) {
      return "expected a URI (RFC 3986): " + unreadable.getReason();
    }
  }

  private static String faultOfAbsolute(URI uri, boolean allowHttp) {
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
    // The host is null too where it is no name and no address: percent-encoded, not ASCII.
    if (uri.getHost() == null || uri.getPort() > MAX_PORT) {
      return "expected a host name or address, and a port if any";
    }
    return null;
  }

  /**
   * Whether it is one of the many that need no parser: of such characters alone that mean the same
   * to everybody, and a path, or at https on a host with a name.
   */
  private static boolean isPlain(String url) {
    int path = url.startsWith(HTTPS) ? endOfName(url, HTTPS.length()) : 0;
    if (path < 0 || path == url.length() || url.charAt(path) != '/') {
      return false;
    }
    if (path == 0 && url.startsWith("//")) {
      return false;
    }
    for (int i = path; i < url.length(); i++) {
      char c = url.charAt(i);
      if (!isAlphanumeric(c) && "/-._~?=&+,".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Where a name of a host ends (RFC 1123, section 2.1); -1 where it is none. */
  private static int endOfName(String url, int begin) {
    int label = begin;
    int i = begin;
    for (; i < url.length() && url.charAt(i) != '/'; i++) {
      char c = url.charAt(i);
      boolean inside = i > label && url.charAt(i - 1) != '.';
      if (c == '.' && inside && url.charAt(i - 1) != '-') {
        label = i + 1;
      } else if (!isAlphanumeric(c) && !(c == '-' && inside)) {
        return -1;
      }
    }
    boolean ends = i > label && url.charAt(i - 1) != '-';
    // A last label of digits is an address, or a part of one.
    return ends && !isDigit(url.charAt(label)) ? i : -1;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** White space, line ends and backslashes are what browsers drop or turn into slashes. */
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
