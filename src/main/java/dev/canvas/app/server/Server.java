package dev.canvas.app.server;

import dev.canvas.app.config.Configuration;
import dev.canvas.app.doctor.OpenFiles;
import dev.canvas.app.doctor.RunningCanvas;
import dev.canvas.app.metrics.LoopLag;
import dev.canvas.app.metrics.MetricsFactory;
import dev.canvas.app.tracing.OtlpTracing;
import dev.canvas.bus.ChangeEvents;
import dev.canvas.bus.ClusterNodes;
import dev.canvas.bus.Codecs;
import dev.canvas.bus.NodeControl;
import dev.canvas.cluster.ClusterMember;
import dev.canvas.control.NodeRole;
import dev.canvas.control.Role;
import dev.canvas.control.Scaling;
import dev.canvas.control.Tiers;
import dev.canvas.data.DataNode;
import dev.canvas.http.HttpSettings;
import dev.canvas.http.HttpVerticle;
import dev.canvas.http.connection.ConnectionLimit;
import dev.canvas.http.management.ManagementVerticle;
import dev.canvas.http.management.Readiness;
import dev.canvas.http.page.PageFiles;
import dev.canvas.seed.SeedVerticle;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/**
 * Runs the service: deploys the verticles of this process in order, and undeploys them in reverse.
 * {@link ServerStart} does so for commands. Not thread-safe: started by one thread and stopped by
 * one.
 */
public final class Server {

  /** How long a stop of the process waits for its HTTP verticles. */
  private static final Duration HTTP_STOP_LIMIT = Duration.ofMillis(1_500);

  private final Configuration configuration;
  private final LiveKeys keys;

  /** Read meanwhile; null if this node has no HTTP verticles. */
  private final CompletionStage<PageFiles> pages;

  private final PrometheusMeterRegistry registry;
  private final Readiness readiness = new Readiness();
  private final Optional<OtlpTracing> tracing;
  private final Vertx vertx;
  private final DataNode node;
  private final ConnectionLimit connections;
  private final Deployments deployments;
  private final Optional<ClusterNodes> nodes;
  private final ManagementVerticle management;
  private final AtomicReference<HttpVerticle> firstHttp = new AtomicReference<>();
  private volatile String relay;
  private volatile int httpPort;

  /** A server whose stores others run. */
  public Server(Configuration configuration) {
    this(configuration, null);
  }

  /**
   * @param addresses the file with the addresses of the stores, if they run for this server alone;
   *     otherwise null
   */
  Server(Configuration configuration, Path addresses) {
    this.configuration = configuration;
    this.keys = new LiveKeys(configuration);
    this.pages =
        configuration.has(NodeRole.HTTP) ? HttpVerticle.readPages(configuration.http()) : null;
    this.registry = MetricsFactory.newRegistry(configuration.metrics());
    Optional<ClusterMember> member = configuration.cluster().map(NodeVertx::member);
    this.tracing =
        configuration.tracing().map(settings -> new OtlpTracing(settings, SelfReport.RELEASE));
    Optional<PrometheusMeterRegistry> meters =
        configuration.metrics() ? Optional.of(registry) : Optional.empty();
    this.vertx = NodeVertx.create(meters, member, tracing);
    Codecs.register(vertx.eventBus());
    new LoopLag(registry).measure(vertx);
    this.node = new DataNode(configuration.data(), configuration.http().rules(), registry);
    HttpSettings.Connections bounds = configuration.http().connections();
    this.connections =
        new ConnectionLimit(
            bounds.max() == 0 ? OpenFiles.now().connectionLimit() : bounds.max(),
            bounds.maxPerAddress(),
            registry);
    this.deployments =
        new Deployments(vertx, registry, verticles(), StoreOperations.of(configuration));
    SelfReport report = new SelfReport(configuration.roles(), deployments, node::tiers, registry);
    this.nodes =
        member.map(
            self ->
                ClusterNodes.create(
                    vertx,
                    self.id(),
                    configuration.cluster().orElseThrow().readTimeout(),
                    self::members,
                    report));
    this.management =
        new ManagementVerticle(
            configuration.management(),
            keys::management,
            readiness,
            registry,
            deployments,
            new NodeControl(vertx, nodes, deployments, report),
            this::tiers,
            () ->
                RunningCanvas.here(
                        SelfReport.RELEASE, configuration, httpPort, managementPort(), addresses)
                    .toJson());
  }

  /**
   * Deploys the relay, the data verticles, the seeder, the management port and the HTTP verticles,
   * in this order. Waits for stores that do not answer yet. Fails if any of them does not start.
   */
  public Future<Void> deploy() {
    return deploy(new StartWait(configuration.startTimeout()));
  }

  Future<Void> deploy(StartWait wait) {
    keys.follow(configuration.keyFiles(), vertx);
    return new ChangeEvents(vertx)
        .fanOut()
        .compose(done -> wait.run(vertx, this::deployRelay))
        .compose(done -> wait.run(vertx, this::deployData))
        .compose(done -> deploySeeder())
        .compose(done -> deployments.deployOnControlLoop(management))
        // The other nodes may send requests from here on.
        .compose(done -> nodes.isPresent() ? deployNodes(nodes.get()) : Future.succeededFuture())
        .compose(done -> deployHttp())
        .compose(done -> deployments.startBridge(configuration.bridge(), keys::access, registry))
        .onSuccess(done -> readiness.enter(Readiness.Phase.SERVING))
        .mapEmpty();
  }

  private Future<?> deployRelay() {
    boolean relays = configuration.has(NodeRole.RELAY);
    return relays || configuration.has(NodeRole.DATA)
        ? deployments
            .deployOnControlLoop(node.relay(relays))
            .onSuccess(deploymentId -> relay = deploymentId)
        : Future.succeededFuture();
  }

  private Future<?> deployData() {
    return configuration.has(NodeRole.DATA)
        ? deployments.start(new Scaling(Role.DATA, configuration.dataInstances()))
        : Future.succeededFuture();
  }

  private Future<?> deploySeeder() {
    return configuration.has(NodeRole.SEED)
        ? deployments.deployOnControlLoop(
            new SeedVerticle(SeedWiring.launcher(vertx, configuration)))
        : Future.succeededFuture();
  }

  private Future<?> deployNodes(ClusterNodes others) {
    return deployments.deployOnControlLoop(
        new VerticleBase() {
          @Override
          public Future<?> start() {
            return others.start();
          }
        });
  }

  private Future<?> deployHttp() {
    return configuration.has(NodeRole.HTTP)
        ? deployments
            .start(new Scaling(Role.HTTP, configuration.httpInstances()))
            .onSuccess(done -> httpPort = firstHttp.get().port())
        : Future.succeededFuture();
  }

  /**
   * Ceases to be ready and asks clients to reconnect, waits until load balancers have noticed and
   * have closed the connections that they keep, answers the requests of all connections that are
   * established, then undeploys everything.
   */
  public Future<Void> stop() {
    readiness.enter(Readiness.Phase.DRAINING);
    connections.announceEnd();
    return drainDelay()
        .compose(over -> connections.endAccepting(vertx))
        .compose(done -> Future.join(undeployHttp(), deployments.stopBridge()))
        .compose(done -> nodes.isPresent() ? nodes.get().leave() : Future.succeededFuture())
        .compose(done -> deployments.undeployAll(Role.DATA))
        // Before vertx.close(), which would close the relay's connections while it publishes the
        // last changes.
        .compose(done -> relay == null ? Future.succeededFuture() : vertx.undeploy(relay))
        .eventually(vertx::close)
        .eventually(() -> tracing.map(OtlpTracing::close).orElse(Future.succeededFuture()));
  }

  private Future<Void> drainDelay() {
    Duration delay = configuration.http().connections().drainDelay();
    // Without a context: its event loop would be gone before the end of the stop can be told.
    Promise<Void> over = Promise.promise();
    if (delay.isZero() || httpPort == 0) {
      over.complete();
    } else {
      vertx.setTimer(delay.toMillis(), timer -> over.complete());
    }
    return over.future();
  }

  /** Longer requests are cut off. */
  private Future<Void> undeployHttp() {
    return deployments
        .undeployAll(Role.HTTP)
        .timeout(HTTP_STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty();
  }

  /** The port that the HTTP verticles listen on; 0 before they are deployed. */
  public int httpPort() {
    return httpPort;
  }

  /** The port that the management verticle listens on. */
  public int managementPort() {
    return management.port();
  }

  /** The Vert.x instance of this server. */
  public Vertx vertx() {
    return vertx;
  }

  private Map<Role, IntFunction<? extends VerticleBase>> verticles() {
    Map<Role, IntFunction<? extends VerticleBase>> verticles = new EnumMap<>(Role.class);
    if (configuration.has(NodeRole.HTTP)) {
      verticles.put(Role.HTTP, this::http);
    }
    if (configuration.has(NodeRole.DATA)) {
      verticles.put(Role.DATA, this::data);
    }
    return verticles;
  }

  /** What reads can be answered from: by this node, or, without data verticles, by others. */
  private Tiers tiers() {
    return configuration.has(NodeRole.DATA) || nodes.isEmpty()
        ? node.tiers()
        : nodes.get().tiersOfOthers();
  }

  private HttpVerticle http(int number) {
    HttpVerticle http =
        new HttpVerticle(configuration.http(), keys::access, connections, registry, pages);
    firstHttp.compareAndSet(null, http);
    return http;
  }

  private VerticleBase data(int number) {
    return node.data("data-" + number);
  }
}
