package dev.canvas.cluster;

import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * This process as a member of a cluster: a node, or another service. It joins with the cluster
 * manager and the settings that all members share, so it outlives a split of the cluster (ADR 42).
 * Thread-safe.
 *
 * <pre>{@code
 * ClusterSettings settings = ClusterSettings.ofEnvironment(System.getenv());
 * Vertx vertx = new ClusterMember(settings).join(Vertx.builder(), new VertxOptions());
 * CanvasClient canvas = new CanvasClient(vertx.eventBus());
 * }</pre>
 */
public final class ClusterMember {

  private static final int JOIN_SECONDS = 60;

  /** A connection to another node that does not answer for so long is made again. */
  private static final long PING_INTERVAL_MS = 1_000;

  private static final long PING_REPLY_MS = 3_000;

  /** How long a connection to another node may take to be made; what it carries waits meanwhile. */
  private static final int CONNECT_MS = 1_000;

  private final ClusterSettings settings;
  private final Optional<MemberTls> tls;
  private final RejoiningClusterManager manager;

  /**
   * Prepares a member, which does not join yet.
   *
   * @throws ClusterException if its address or its certificates cannot be used
   */
  public ClusterMember(ClusterSettings settings) {
    this.settings = settings;
    this.tls = settings.tls().map(MemberTls::new);
    this.manager = new RejoiningClusterManager(settings, tls);
  }

  private EventBusOptions busOptions() {
    EventBusOptions options =
        new EventBusOptions()
            .setHost(settings.host())
            .setPort(settings.busPort())
            .setConnectTimeout(CONNECT_MS)
            .setClusterPingInterval(PING_INTERVAL_MS)
            .setClusterPingReplyInterval(PING_REPLY_MS);
    tls.ifPresent(files -> files.secure(options));
    return options;
  }

  /**
   * Starts a Vert.x that is a member. Blocking, up to a minute. From then on, renewed certificates
   * apply to the connections that follow.
   *
   * @param builder with what else the Vert.x needs, such as metrics
   * @param options get those of the event bus between the members
   * @throws ClusterException if it cannot join
   */
  public Vertx join(VertxBuilder builder, VertxOptions options) {
    try {
      Vertx vertx =
          builder
              .with(options.setEventBusOptions(busOptions()))
              .withClusterManager(manager)
              .buildClustered()
              .await(JOIN_SECONDS, TimeUnit.SECONDS);
      tls.ifPresent(files -> files.renew(vertx));
      return vertx;
    } catch (TimeoutException late) {
      throw new ClusterException(
          new TimeoutException("It was not joined within " + JOIN_SECONDS + " s"));
    } catch (RuntimeException failure) {
      throw new ClusterException(failure);
    }
  }

  /** The id of this member. */
  public String id() {
    return manager.getNodeId();
  }

  /** The ids of all members now, this one included. */
  public List<String> members() {
    return manager.getNodes();
  }
}
