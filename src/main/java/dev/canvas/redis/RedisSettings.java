package dev.canvas.redis;

import dev.canvas.tls.TlsFiles;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says how to connect to Redis. Immutable.
 *
 * @param servers the Redis, or its Sentinels
 * @param master the name under which the Sentinels know the Redis; null without Sentinels
 * @param login at the Redis
 * @param sentinelLogin at the Sentinels
 * @param database its number
 * @param tls whom TLS trusts; null without TLS
 */
public record RedisSettings(
    List<Address> servers,
    String master,
    Login login,
    Login sentinelLogin,
    int database,
    TlsFiles tls) {

  /**
   * Where a server listens. Immutable.
   *
   * @param host a name, an address, or the path of a Unix socket
   * @param port 0 for a Unix socket
   */
  record Address(String host, int port) {

    @Override
    public String toString() {
      return port == 0 ? host : (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * A user and a password. Immutable.
   *
   * @param user null for the default user
   * @param password null for none
   */
  record Login(String user, String password) {

    /** Hides the password. */
    @Override
    public String toString() {
      return password == null ? "" : (user == null ? "" : user) + ":…@";
    }
  }

  private static final Pattern URI =
      Pattern.compile("(redis|valkey)(s?)(-sentinel)?://(?:([^@/?]*)@)?([^/?]*)(/[^?]*)?(\\?.*)?");

  private static final Pattern SOCKET = Pattern.compile("unix://(?:([^@/?]*)@)?(/[^?]*)(\\?.*)?");

  private static final Set<String> PARAMETERS =
      Set.of(
          "db",
          "user",
          "password",
          "sentinel_user",
          "sentinel_password",
          "cacert",
          "cert",
          "key",
          "insecure");

  private static final int PORT = 6379;
  private static final int SENTINEL_PORT = 26_379;

  /** Without a CA of its own. */
  public static RedisSettings of(String uri) {
    return of(uri, "");
  }

  /**
   * Reads a URI.
   *
   * @param uri {@code redis://user:password@host:port/database}, {@code rediss://…} with TLS,
   *     {@code redis-sentinel://host,host/name}, or {@code unix:///path?db=0}
   * @param ca the PEM file of the CA, unless the URI names one; empty for those that Java trusts
   * @throws IllegalArgumentException for anything that cannot be used; its message says what is
   *     expected, and reveals no password
   */
  public static RedisSettings of(String uri, String ca) {
    Matcher socket = SOCKET.matcher(uri);
    if (socket.matches()) {
      Map<String, String> parameters = parameters(socket.group(3));
      return new RedisSettings(
          List.of(new Address(decoded(socket.group(2)), 0)),
          null,
          login(socket.group(1), parameters),
          new Login(null, null),
          database(parameters.getOrDefault("db", "0")),
          null);
    }
    Matcher parts = URI.matcher(uri);
    if (!parts.matches()) {
      throw malformed();
    }
    Map<String, String> parameters = parameters(parts.group(7));
    boolean sentinel = parts.group(3) != null;
    String path = parts.group(6) == null ? "" : decoded(parts.group(6).substring(1));
    if (sentinel && path.isEmpty()) {
      throw new IllegalArgumentException(
          "the name of the master after the Sentinels, such as redis-sentinel://a,b,c/mymaster");
    }
    String database = sentinel || path.isEmpty() ? parameters.getOrDefault("db", "0") : path;
    return new RedisSettings(
        servers(parts.group(5), sentinel),
        sentinel ? path : null,
        login(parts.group(4), parameters),
        new Login(parameters.get("sentinel_user"), parameters.get("sentinel_password")),
        database(database),
        parts.group(2).isEmpty() ? withoutTls(parameters) : tls(parameters, ca));
  }

  /** Whether Sentinels know where the Redis is. */
  boolean hasSentinels() {
    return master != null;
  }

  /** The URI without its password, safe to log. */
  @Override
  public String toString() {
    String scheme = servers.get(0).port() == 0 ? "unix" : tls == null ? "redis" : "rediss";
    return "%s%s://%s%s%s%s"
        .formatted(
            scheme,
            hasSentinels() ? "-sentinel" : "",
            login,
            servers.stream().map(Address::toString).collect(Collectors.joining(",")),
            hasSentinels() ? "/" + master : "",
            database == 0
                ? ""
                : hasSentinels() || port() == 0 ? "?db=" + database : "/" + database);
  }

  private int port() {
    return servers.get(0).port();
  }

  private static List<Address> servers(String text, boolean sentinel) {
    List<Address> servers = new ArrayList<>();
    for (String server : text.split(",", -1)) {
      int end = server.startsWith("[") ? server.indexOf(']') + 1 : 0;
      int colon = server.indexOf(':', end);
      String host = colon < 0 ? server : server.substring(0, colon);
      host = end > 0 ? host.substring(1, host.length() - 1) : decoded(host);
      if (host.isEmpty() || host.matches(".*[\\s\\[\\]].*")) {
        throw malformed();
      }
      int standard = sentinel ? SENTINEL_PORT : PORT;
      servers.add(new Address(host, colon < 0 ? standard : port(server.substring(colon + 1))));
    }
    if (!sentinel && servers.size() > 1) {
      throw new IllegalArgumentException("one Redis, or redis-sentinel:// with several Sentinels");
    }
    return List.copyOf(servers);
  }

  private static int port(String text) {
    if (text.matches("\\d{1,5}")
        && Integer.parseInt(text) > 0
        && Integer.parseInt(text) <= 65_535) {
      return Integer.parseInt(text);
    }
    throw malformed();
  }

  private static int database(String text) {
    if (text.matches("\\d{1,4}")) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException("the number of a database, such as redis://host:6379/1");
  }

  private static Login login(String text, Map<String, String> parameters) {
    String[] parts = text == null ? new String[] {""} : text.split(":", 2);
    String user = parts[0].isEmpty() ? parameters.get("user") : decoded(parts[0]);
    String password = parts.length < 2 ? parameters.get("password") : decoded(parts[1]);
    return new Login(user, password);
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    if (query == null || query.length() < 2) {
      return parameters;
    }
    for (String pair : query.substring(1).split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String name = decoded(parts[0]);
      if (parts.length < 2 || !PARAMETERS.contains(name)) {
        throw new IllegalArgumentException(
            "no parameter '%s'; those that Canvas supports are %s"
                .formatted(name, String.join(", ", PARAMETERS.stream().sorted().toList())));
      }
      parameters.put(name, decoded(parts[1]));
    }
    return parameters;
  }

  private static TlsFiles withoutTls(Map<String, String> parameters) {
    for (String name : List.of("cacert", "cert", "key", "insecure")) {
      if (parameters.containsKey(name)) {
        throw new IllegalArgumentException("rediss:// with the parameter '%s'".formatted(name));
      }
    }
    return null;
  }

  private static TlsFiles tls(Map<String, String> parameters, String ca) {
    boolean insecure = parameters.getOrDefault("insecure", "false").equals("true");
    String named = parameters.getOrDefault("cacert", ca.isEmpty() ? TlsFiles.SYSTEM : ca);
    return new TlsFiles(
            insecure ? null : named, parameters.get("cert"), parameters.get("key"), !insecure)
        .check("cacert (redis.ca)", "cert", "key");
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("a % in the URI as %25", malformed);
    }
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "a URI such as redis://host:6379, rediss://host:6379, redis-sentinel://a,b,c/name or"
            + " unix:///redis.sock");
  }
}
