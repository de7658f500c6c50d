package dev.canvas.postgres;

import dev.canvas.tls.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Says how to connect to a Postgres database. It is read once from a URI, and both clients, JDBC
 * and that of Vert.x, use it. Immutable.
 *
 * @param hosts tried in this order, at least one
 * @param applicationName what Postgres shows as the name of the client
 * @param options the command-line options of the session, such as {@code -csearch_path=shop}; null
 *     for none
 * @param mode whether to use TLS
 * @param tls whom TLS trusts
 * @param connectTimeout how long one host may take to accept a connection; null for the defaults of
 *     the clients
 * @param writable whether a host is passed over that is a standby, or otherwise read-only
 */
public record PostgresSettings(
    List<PostgresHost> hosts,
    String user,
    String database,
    String applicationName,
    String options,
    SslMode mode,
    TlsFiles tls,
    Duration connectTimeout,
    boolean writable) {

  /** Whether a connection uses TLS; the names of libpq. */
  public enum SslMode {
    /** Never. */
    DISABLE,
    /** Only if the server does not accept a connection without. */
    ALLOW,
    /** If the server can. */
    PREFER,
    /** Always; whom to trust is up to the {@link TlsFiles}. */
    REQUIRE
  }

  /** A session that may write. */
  public static final String IS_WRITABLE =
      "select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off'";

  private static final int PORT = 5432;

  /**
   * Reads a URI, and the service file and the password file if they are used.
   *
   * @param uri {@code postgresql://user:password@host:port/database?sslmode=…}
   * @throws IllegalArgumentException for anything that cannot be used; its message says what is
   *     expected, and reveals no password
   */
  public static PostgresSettings of(String uri) {
    return of(uri, System.getenv());
  }

  /** The same with other environment variables. */
  static PostgresSettings of(String uri, Map<String, String> environment) {
    Map<String, String> values = new HashMap<>(PostgresUri.parameters(uri));
    if (values.containsKey("service")) {
      ServiceFile.parameters(serviceFile(environment), values.get("service"))
          .forEach(values::putIfAbsent);
    }
    String user = values.getOrDefault("user", System.getProperty("user.name"));
    String database = values.getOrDefault("dbname", user);
    List<PostgresHost> hosts = hosts(values, user, database, environment);
    String mode = values.getOrDefault("sslmode", defaultMode(values));
    return new PostgresSettings(
        hosts,
        user,
        database,
        values.getOrDefault("application_name", "canvas"),
        values.get("options"),
        sslMode(mode),
        tls(mode, values),
        connectTimeout(values.get("connect_timeout")),
        writable(values.get("target_session_attrs"), hosts.size()));
  }

  /** The URI without its password, safe to log. */
  @Override
  public String toString() {
    return "postgresql://%s%s@%s/%s"
        .formatted(
            user,
            hosts.stream().allMatch(host -> host.password() == null) ? "" : ":…",
            hosts.stream().map(PostgresHost::toString).collect(Collectors.joining(",")),
            database);
  }

  private static List<PostgresHost> hosts(
      Map<String, String> values, String user, String database, Map<String, String> environment) {
    String[] addresses = list(values.get("hostaddr"));
    String[] names = list(values.getOrDefault("host", values.get("hostaddr")));
    String[] ports = list(values.get("port"));
    int count = Math.max(1, names.length);
    if ((addresses.length > 0 && addresses.length != count)
        || (ports.length > 1 && ports.length != count)) {
      throw new IllegalArgumentException("as many ports, and values of hostaddr, as hosts");
    }
    PasswordFile passwords = passwords(values, environment);
    List<PostgresHost> hosts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String address = addresses.length == 0 || addresses[i].isEmpty() ? null : addresses[i];
      String named = names.length == 0 ? "" : names[i];
      String name = named.isEmpty() ? address == null ? "localhost" : address : named;
      int port = port(ports.length == 0 ? "" : ports[ports.length == 1 ? 0 : i]);
      String password =
          passwords == null
              ? values.get("password")
              : passwords.password(name, port, database, user);
      hosts.add(new PostgresHost(name, address, port, password));
    }
    return List.copyOf(hosts);
  }

  private static String[] list(String text) {
    return text == null ? new String[0] : text.split(",", -1);
  }

  private static int port(String text) {
    try {
      int port = text.isEmpty() ? PORT : Integer.parseInt(text);
      if (port > 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException notANumber) {
      // Refused below, like a number out of range.
    }
    throw PostgresUri.malformed();
  }

  private static Path serviceFile(Map<String, String> environment) {
    return Path.of(environment.getOrDefault("PGSERVICEFILE", inHome(".pg_service.conf")));
  }

  /** Null if the password is given, or no password file exists. */
  private static PasswordFile passwords(
      Map<String, String> values, Map<String, String> environment) {
    if (values.containsKey("password")) {
      return null;
    }
    String named = values.getOrDefault("passfile", environment.get("PGPASSFILE"));
    Path file = Path.of(named == null ? inHome(".pgpass") : named);
    return named == null && !Files.exists(file) ? null : PasswordFile.read(file);
  }

  private static String inHome(String file) {
    return System.getProperty("user.home") + "/" + file;
  }

  private static String defaultMode(Map<String, String> values) {
    return values.containsKey("sslrootcert") ? "verify-full" : "allow";
  }

  private static SslMode sslMode(String name) {
    return switch (name) {
      case "disable" -> SslMode.DISABLE;
      case "allow" -> SslMode.ALLOW;
      case "prefer" -> SslMode.PREFER;
      case "require", "verify-ca", "verify-full" -> SslMode.REQUIRE;
      default ->
          throw new IllegalArgumentException(
              "sslmode to be disable, allow, prefer, require, verify-ca or verify-full");
    };
  }

  private static TlsFiles tls(String mode, Map<String, String> values) {
    String ca = values.get("sslrootcert");
    if (TlsFiles.SYSTEM.equals(ca) && !mode.equals("verify-full")) {
      throw new IllegalArgumentException("sslmode=verify-full with sslrootcert=system");
    }
    if (ca == null && mode.startsWith("verify-")) {
      ca = inHome(".postgresql/root.crt");
      if (!Files.exists(Path.of(ca))) {
        throw new IllegalArgumentException(
            "sslrootcert with sslmode=%s: a PEM file with the CA of the server, or 'system'"
                .formatted(mode));
      }
    }
    return new TlsFiles(
            sslMode(mode) == SslMode.REQUIRE ? ca : null,
            values.get("sslcert"),
            values.get("sslkey"),
            mode.equals("verify-full"))
        .check("sslrootcert", "sslcert", "sslkey");
  }

  private static Duration connectTimeout(String seconds) {
    if (seconds == null || seconds.equals("0")) {
      return null;
    }
    if (!seconds.matches("\\d{1,4}")) {
      throw new IllegalArgumentException("connect_timeout to be a whole number of seconds");
    }
    return Duration.ofSeconds(Long.parseLong(seconds));
  }

  private static boolean writable(String attributes, int hosts) {
    return switch (attributes == null ? hosts > 1 ? "read-write" : "any" : attributes) {
      case "any" -> false;
      case "read-write", "primary" -> true;
      default ->
          throw new IllegalArgumentException(
              "target_session_attrs to be any, read-write or primary, because Canvas writes");
    };
  }
}
