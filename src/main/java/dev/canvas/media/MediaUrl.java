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
