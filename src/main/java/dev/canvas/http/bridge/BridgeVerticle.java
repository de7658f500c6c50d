package dev.canvas.http.bridge;

import dev.canvas.bus.BusMediaService;
import dev.canvas.bus.ChangeEvents;
import dev.canvas.bus.MeteredRetries;
import dev.canvas.client.Addresses;
import dev.canvas.client.JsonSender;
import dev.canvas.http.access.AccessSettings;
import dev.canvas.http.connection.Listening;
import dev.canvas.media.MediaService;
import dev.canvas.renewal.FileWatch;
import dev.canvas.renewal.PemIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets programs in any language use the JSON addresses over TCP, with the frames of Vert.x's TCP
 * event-bus bridge ({@code docs/adr/0041-the-tcp-bridge.md}). Deploy one.
 */
public final class BridgeVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(BridgeVerticle.class);

  /** A client that sends no complete frame for this long is gone, or too slow; a ping is enough. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private final BridgeSettings settings;
  private final Supplier<AccessSettings> mayWrite;
  private final MeterRegistry registry;
  private final Duration idleTimeout;
  private final BridgeMetrics metrics;
  private final Set<BridgeSocket> open = new HashSet<>();
  private Map<String, Addressee> addressees;
  private BridgeAccess access;
  private MediaService media;
  private NetServer server;

  /**
   * @param mayWrite who may write now; asked for each message
   * @param registry gets the metrics of this verticle
   */
  public BridgeVerticle(
      BridgeSettings settings, Supplier<AccessSettings> mayWrite, MeterRegistry registry) {
    this(settings, mayWrite, registry, IDLE_TIMEOUT);
  }

  /**
   * As the other constructor, with another limit of silence.
   *
   * @param idleTimeout after which a client that sends nothing is disconnected
   */
  BridgeVerticle(
      BridgeSettings settings,
      Supplier<AccessSettings> mayWrite,
      MeterRegistry registry,
      Duration idleTimeout) {
    this.settings = settings;
    this.mayWrite = mayWrite;
    this.registry = registry;
    this.idleTimeout = idleTimeout;
    this.metrics = new BridgeMetrics(registry);
  }

  @Override
  public Future<?> start() {
    media = new BusMediaService(vertx, registry);
    access = new BridgeAccess(vertx, mayWrite, registry);
    addressees = addressees(new JsonSender(vertx.eventBus(), MeteredRetries.budget(registry)));
    vertx.setPeriodic(CHECK_INTERVAL.toMillis(), check -> closeIdle());
    return settings.hasTls()
        ? vertx.executeBlocking(this::identity).compose(this::listenSecurely)
        : listen(new NetServerOptions());
  }

  private Future<NetServer> listenSecurely(PemIdentity identity) {
    NetServerOptions options = new NetServerOptions().setSsl(true);
    options.setKeyCertOptions(identity.options());
    return listen(options)
        .onSuccess(
            listening ->
                FileWatch.start(
                    vertx,
                    "The certificates of the TCP bridge",
                    identity,
                    this::identity,
                    this::present));
  }

  private Future<NetServer> listen(NetServerOptions options) {
    server = vertx.createNetServer(options).connectHandler(this::opened);
    return Listening.named(
        server.listen(settings.port(), settings.host()),
        "bridge.tcp.port",
        settings.host(),
        settings.port());
  }

  private PemIdentity identity() throws IOException {
    return PemIdentity.read(settings.certificate(), settings.key());
  }

  /** Presents another certificate to the clients that connect from then on. */
  private Future<?> present(PemIdentity renewed) {
    renewed.requireUsable("bridge.tcp.certificate", "bridge.tcp.key");
    ServerSSLOptions options = new ServerSSLOptions();
    options.setKeyCertOptions(renewed.options());
    return server.updateSSLOptions(options);
  }

  /** Answers what has been asked, then closes all connections. */
  @Override
  public Future<?> stop() {
    return Future.join(List.copyOf(open).stream().map(BridgeSocket::drain).toList())
        .otherwiseEmpty()
        .compose(drained -> server.close());
  }

  private static Map<String, Addressee> addressees(JsonSender bus) {
    Map<String, Addressee> addressees = new TreeMap<>();
    for (String read : List.of(Addresses.MEDIA_GET, Addresses.MEDIA_BATCH, Addresses.SEED_STATUS)) {
      addressees.put(read, new Addressee(Addressee.Right.READ, body -> bus.read(read, body)));
    }
    for (String write :
        List.of(Addresses.MEDIA_PUT, Addresses.MEDIA_PATCH, Addresses.MEDIA_DELETE)) {
      addressees.put(write, new Addressee(Addressee.Right.WRITE, body -> bus.write(write, body)));
    }
    for (String control :
        List.of(Addresses.SEED_START, Addresses.SEED_CANCEL, Addresses.VERTICLES)) {
      Function<JsonObject, Future<JsonObject>> send = body -> bus.control(control, body);
      addressees.put(control, new Addressee(Addressee.Right.CONTROL, send));
    }
    return addressees;
  }

  private void opened(NetSocket socket) {
    if (open.size() >= settings.connections()) {
      metrics.cut(BridgeMetrics.Cut.FULL);
      socket.close();
      return;
    }
    BridgeSocket connection =
        new BridgeSocket(
            vertx,
            socket,
            addressees,
            access,
            new BridgeSubscriptions(
                onChange -> ChangeEvents.followAll(vertx, onChange),
                (productId, onChange) -> ChangeEvents.follow(vertx, productId, onChange),
                media,
                Addresses.MEDIA_CHANGED),
            metrics,
            settings.rate());
    open.add(connection);
    metrics.opened();
    socket
        // The close handler follows and does the rest.
        .exceptionHandler(broken -> LOG.debug("A connection to the bridge failed", broken))
        .closeHandler(
            closed -> {
              open.remove(connection);
              connection.closed();
              metrics.closed();
            });
    connection.open();
  }

  private void closeIdle() {
    for (BridgeSocket connection : List.copyOf(open)) {
      if (connection.idleNanos() > idleTimeout.toNanos()) {
        connection.cut(BridgeMetrics.Cut.IDLE);
      }
    }
  }
}
