package dev.canvas.postgres;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Splits a connection URI into parameters, as libpq does (PostgreSQL, "Connection URIs"). Refuses
 * parameters that Canvas does not know, so that none is silently without effect.
 */
final class PostgresUri {

  static final Set<String> PARAMETERS =
      Set.of(
          "host",
          "hostaddr",
          "port",
          "user",
          "password",
          "passfile",
          "dbname",
          "service",
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "connect_timeout",
          "application_name",
          "options",
          "target_session_attrs");

  /** Parameters of other clients, with what to use instead. */
  private static final Map<String, String> INSTEAD =
      Map.of(
          "currentSchema", "options=-csearch_path%3D…",
          "search_path", "options=-csearch_path%3D…",
          "targetServerType", "target_session_attrs=read-write",
          "connectTimeout", "connect_timeout=…",
          "ApplicationName", "application_name=…");

  private final Map<String, String> parameters = new LinkedHashMap<>();

  private PostgresUri() {}

  /**
   * The parameters of a URI, by the names of libpq.
   *
   * @throws IllegalArgumentException saying what is expected, without the password
   */
  static Map<String, String> parameters(String uri) {
    PostgresUri parsed = new PostgresUri();
    parsed.parse(uri);
    return parsed.parameters;
  }

  /** Refuses a parameter that is not supported. */
  static void requireKnown(String name) {
    if (!PARAMETERS.contains(name)) {
      throw new IllegalArgumentException(
          INSTEAD.containsKey(name)
              ? "%s instead of the parameter '%s'".formatted(INSTEAD.get(name), name)
              : "no parameter '%s'; those of libpq that Canvas supports are %s"
                  .formatted(name, String.join(", ", PARAMETERS.stream().sorted().toList())));
    }
  }

  private void parse(String uri) {
    if (!uri.matches("(?s)postgres(ql)?://.*")) {
      throw malformed();
    }
    String rest = uri.substring(uri.indexOf("://") + "://".length());
    int at = endOfUser(rest);
    if (at >= 0) {
      String[] user = rest.substring(0, at).split(":", 2);
      put("user", decoded(user[0]));
      put("password", user.length == 2 ? decoded(user[1]) : "");
    }
    String[] address = rest.substring(at + 1).split("\\?", 2);
    String[] path = address[0].split("/", 2);
    servers(path[0]);
    if (path.length == 2) {
      put("dbname", decoded(path[1]));
    }
    if (address.length == 2) {
      query(address[1]);
    }
  }

  /** The position of the @ that ends the user and the password; negative if there are none. */
  private static int endOfUser(String rest) {
    int slash = rest.indexOf('/');
    String head = slash < 0 ? rest : rest.substring(0, slash);
    // libpq takes the first @. An @ in a password should be %40, but cannot be mistaken here.
    return head.contains("?") ? head.indexOf('@') : head.lastIndexOf('@');
  }

  /** Reads {@code host:port,[::1]:port,…}. */
  private void servers(String text) {
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String server : text.split(",", -1)) {
      int end = server.startsWith("[") ? server.indexOf(']') + 1 : 0;
      if (server.startsWith("[") && end == 0) {
        throw malformed();
      }
      int colon = server.indexOf(':', end);
      String host = colon < 0 ? server : server.substring(0, colon);
      hosts.add(decoded(end > 0 ? server.substring(1, end - 1) : host));
      ports.add(colon < 0 ? "" : server.substring(colon + 1));
      if (end > 0 && end != host.length()) {
        throw malformed();
      }
    }
    put("host", hosts.stream().allMatch(String::isEmpty) ? "" : String.join(",", hosts));
    put("port", ports.stream().allMatch(String::isEmpty) ? "" : String.join(",", ports));
  }

  private void query(String text) {
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1 || pair.indexOf('=', equals + 1) >= 0) {
        throw new IllegalArgumentException(
            "parameters of the form name=value, separated by &, with other = and & as %3D and %26");
      }
      String name = decoded(pair.substring(0, equals));
      String value = decoded(pair.substring(equals + 1));
      if (name.equals("ssl") && value.equals("true")) {
        put("sslmode", "require"); // libpq takes this parameter of JDBC in a URI.
      } else {
        requireKnown(name);
        put(name, value);
      }
    }
  }

  private void put(String name, String value) {
    if (!value.isEmpty()) {
      parameters.put(name, value);
    }
  }

  /** Decodes %XX; a plus is a plus. */
  private static String decoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        out.write(bytes[i]);
        continue;
      }
      int value = i + 2 < bytes.length ? hex(bytes[i + 1]) * 16 + hex(bytes[i + 2]) : -1;
      if (value <= 0) {
        throw new IllegalArgumentException("a % in the URI as %25, and other bytes as %01 to %FF");
      }
      out.write(value);
      i += 2;
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** A negative number, whatever the other digit is, if it is no hexadecimal digit. */
  private static int hex(byte digit) {
    int value = Character.digit(digit, 16);
    return value < 0 ? -1_000 : value;
  }

  static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "a URI such as postgresql://user:password@host:5432/canvas");
  }
}
