package dev.canvas.app.config;

import dev.canvas.control.NodeRole;
import dev.canvas.control.Scaling;
import dev.canvas.data.DataSettings;
import dev.canvas.data.StoreKind;
import dev.canvas.data.cache.CacheSettings;
import dev.canvas.data.store.StoreFactory;
import dev.canvas.diagnosis.LogFormat;
import dev.canvas.http.HttpSettings;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.http.access.OriginSettings;
import dev.canvas.http.bridge.BridgeSettings;
import dev.canvas.http.connection.ProxySettings;
import dev.canvas.http.management.ManagementSettings;
import dev.canvas.postgres.PostgresSettings;
import dev.canvas.redis.RedisSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The validated configuration of a process, read once at the start; only its {@link #keyFiles} are
 * read again. Immutable.
 *
 * @param roles what this process runs, at least one
 * @param cluster the cluster that it belongs to, if any
 * @param httpInstances the number of HTTP verticles, at least 1
 * @param bridge the settings of the TCP bridge
 * @param dataInstances the number of data verticles, at least 1
 * @param keyFiles the keys that are read again while the process runs
 * @param tracing where the traces of requests go, if anywhere
 * @param metrics whether requests, reads and writes are counted
 * @param logFormat what the lines of the log look like
 * @param startTimeout how long a start waits for a store that does not answer
 * @param warnings one line each, for the operator
 */
public record Configuration(
    Set<NodeRole> roles,
    Optional<NodeCluster> cluster,
    HttpSettings http,
    int httpInstances,
    BridgeSettings bridge,
    ManagementSettings management,
    DataSettings data,
    int dataInstances,
    KeyFiles keyFiles,
    Optional<TracingSettings> tracing,
    boolean metrics,
    LogFormat logFormat,
    Duration startTimeout,
    List<String> warnings) {

  private static final String ORIGIN =
      "a scheme and a host without a path, such as https://shop.example";

  private static final Duration DAY = Duration.ofDays(1);

  /**
   * Reads the settings from the defaults, a file and the environment.
   *
   * @param file may be null
   * @throws StartFailure naming the first invalid setting and what it allows
   */
  public static Configuration load(Path file, Map<String, String> environment) {
    return Ports.requireDistinct(read(Settings.load(file, environment)));
  }

  /**
   * All settings, in the order of their names, as {@link #load} reads them.
   *
   * @throws StartFailure as {@link #load} does
   */
  public static List<Setting> settings(Path file, Map<String, String> environment) {
    Settings settings = Settings.load(file, environment);
    Ports.requireDistinct(read(settings));
    return settings.all();
  }

  private static Configuration read(Settings settings) {
    StoreKind store =
        settings.oneOf("store", "postgres", "couchdb").equals("couchdb")
            ? StoreKind.COUCHDB
            : StoreKind.POSTGRES;
    String tier = store == StoreKind.COUCHDB ? "couchdb" : "postgres";
    Optional<NodeCluster> cluster = NodeCluster.read(settings);
    return new Configuration(
        roles(settings, cluster.isPresent()),
        cluster,
        new HttpSettings(
            host(settings, "http.host"),
            settings.integer("http.port", 0, 65_535),
            cacheControl(settings),
            new OriginSettings(
                settings.text("http.cors-origin").equals("*")
                    ? "*"
                    : origin(settings, "http.cors-origin", settings.text("http.cors-origin")),
                corsWriteOrigins(settings),
                publicUrl(settings)),
            proxies(settings),
            MediaSettings.read(settings),
            AuthSettings.read(settings),
            settings.duration("http.stall-timeout", Duration.ofSeconds(1), Duration.ofMinutes(1)),
            new HttpSettings.Connections(
                settings.integer("http.connections", 0, 1_000_000),
                settings.integer("http.connections-per-address", 0, 1_000_000),
                settings.duration("http.idle-timeout", Duration.ofSeconds(1), Duration.ofHours(1)),
                settings.duration("http.drain-delay", Duration.ZERO, Duration.ofMinutes(5))),
            HttpSettings.OperatorTools.valueOf(
                settings
                    .oneOf("http.operator-tools", "auto", "shown", "hidden")
                    .toUpperCase(Locale.ROOT)),
            settings.integer("http.live-sockets", 0, 1_000_000),
            settings.flag("http.access-log"),
            settings.matching(
                "http.loaderio-token", "[0-9A-Za-z]{0,64}", "up to 64 letters and digits")),
        instances(settings, "http.instances"),
        TcpBridge.read(settings, host(settings, "bridge.tcp.host")),
        OperatorPort.read(settings, host(settings, "management.host")),
        new DataSettings(
            store,
            StoreUris.postgres(settings),
            StoreUris.couchDb(settings),
            new StoreFactory.Timeouts(
                settings.duration(tier + ".timeout", Duration.ofMillis(1), Duration.ofMinutes(1)),
                settings.duration(
                    tier + ".write-timeout", Duration.ofMillis(10), Duration.ofSeconds(2)),
                settings.duration(
                    tier + ".bulk-timeout", Duration.ofMillis(100), Duration.ofSeconds(10))),
            new CacheSettings(
                StoreUris.redis(settings),
                settings.duration("redis.timeout", Duration.ofMillis(1), Duration.ofSeconds(2)),
                settings.duration("cache.ttl", Duration.ofSeconds(1), DAY),
                settings.duration("cache.absent-ttl", Duration.ofMillis(1), DAY),
                new CacheSettings.Near(
                    settings.flag("cache.near.enabled"),
                    settings.integer("cache.near.max-megabytes", 1, 65_536) * 1_000_000L,
                    settings.duration("cache.near.ttl", Duration.ofMillis(1), DAY))),
            settings.share("verify.sample")),
        instances(settings, "data.instances"),
        KeyFiles.of(settings),
        TracingSettings.read(settings),
        settings.flag("metrics.enabled"),
        LogFormat.valueOf(settings.oneOf("log.format", "text", "json").toUpperCase(Locale.ROOT)),
        settings.duration("start.timeout", Duration.ZERO, Duration.ofHours(1)),
        settings.warnings());
  }

  /**
   * The configuration of {@code up}: listens on a loopback address. Writing is open unless {@code
   * auth.mode} is set, pages show the tools of operators unless {@code http.operator-tools} hides
   * them, and media URLs may name this machine.
   */
  public Configuration forUp(String loopback) {
    AccessSettings access =
        http.access() instanceof AccessSettings.Undecided
            ? new AccessSettings.Open()
            : http.access();
    return with(http.forUp(loopback, access), bridge.at(loopback), data);
  }

  /** The same configuration with other servers. */
  public Configuration at(String postgresUri, String redisUri) {
    return with(
        http, bridge, data.at(PostgresSettings.of(postgresUri), RedisSettings.of(redisUri)));
  }

  /** The same configuration with another store. */
  public Configuration withStore(StoreKind store) {
    return with(http, bridge, data.with(store));
  }

  /** Whether a host is a loopback address, which only this machine can reach. */
  public static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      throw new StartFailure("The host '" + host + "' cannot be resolved", unknown);
    }
  }

  private Configuration with(
      HttpSettings otherHttp, BridgeSettings otherBridge, DataSettings otherData) {
    return new Configuration(
        roles,
        cluster,
        otherHttp,
        httpInstances,
        otherBridge,
        management,
        otherData,
        dataInstances,
        keyFiles,
        tracing,
        metrics,
        logFormat,
        startTimeout,
        warnings);
  }

  /** Whether this process connects to the store itself. */
  public boolean usesStore() {
    return !roles.equals(Set.of(NodeRole.HTTP));
  }

  /** Whether this process has a role. */
  public boolean has(NodeRole role) {
    return roles.contains(role);
  }

  private static Set<NodeRole> roles(Settings settings, boolean clustered) {
    Set<NodeRole> roles = EnumSet.noneOf(NodeRole.class);
    for (String name : settings.list("roles")) {
      try {
        roles.add(NodeRole.of(name));
      } catch (IllegalArgumentException unknown) {
        throw settings.refused("roles", "some of http, data, seed and relay");
      }
    }
    if (roles.isEmpty()) {
      throw settings.refused("roles", "some of http, data, seed and relay");
    }
    if (roles.contains(NodeRole.HTTP) && !roles.contains(NodeRole.DATA) && !clustered) {
      throw settings.refused(
          "roles",
          "the role data beside http, unless cluster.enabled is true: another node has it");
    }
    return Set.copyOf(roles);
  }

  private static int instances(Settings settings, String key) {
    int instances = settings.integer(key, 0, Scaling.MAX);
    return instances == 0 ? Runtime.getRuntime().availableProcessors() : instances;
  }

  private static String host(Settings settings, String key) {
    String host = settings.text(key);
    try {
      InetAddress.getByName(host);
      return host;
    } catch (UnknownHostException unknown) {
      throw settings.refused(key, "a host name or an address of this machine");
    }
  }

  private static Set<String> corsWriteOrigins(Settings settings) {
    String key = "http.cors-write-origins";
    return settings.list(key).stream()
        .map(text -> origin(settings, key, text))
        .collect(Collectors.toSet());
  }

  private static String publicUrl(Settings settings) {
    String key = "http.public-url";
    String text = settings.text(key).strip();
    if (text.isEmpty()) {
      return null;
    }
    String origin = origin(settings, key, text);
    if (!origin.startsWith("http")) {
      throw settings.refused(key, ORIGIN);
    }
    return origin;
  }

  private static String origin(Settings settings, String key, String text) {
    return OriginSettings.normal(text).orElseThrow(() -> settings.refused(key, ORIGIN));
  }

  private static ProxySettings proxies(Settings settings) {
    String key = "http.trusted-proxies";
    try {
      return ProxySettings.of(settings.list(key));
    } catch (IllegalArgumentException noNetwork) {
      throw settings.refused(key, "no value, or addresses and networks such as 10.0.0.0/8");
    }
  }

  private static String cacheControl(Settings settings) {
    StringBuilder directives = new StringBuilder();
    for (String directive : List.of("max-age", "s-maxage", "stale-while-revalidate")) {
      long seconds =
          settings.duration("http." + directive, Duration.ZERO, Duration.ofDays(365)).toSeconds();
      if (seconds > 0) {
        directives.append(directives.isEmpty() ? "" : ", ").append(directive).append('=');
        directives.append(seconds);
      }
    }
    return directives.isEmpty() ? "no-cache" : "public, " + directives;
  }
}
