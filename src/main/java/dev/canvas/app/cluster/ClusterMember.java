package dev.canvas.app.cluster;

import dev.canvas.app.config.ClusterSettings;
import dev.canvas.app.config.StartFailure;
import dev.canvas.tls.TlsFiles;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** This node as a member of its cluster. Thread-safe. */
public final class ClusterMember {

  private static final int JOIN_SECONDS = 60;

  /** A connection to another node that does not answer for so long is made again. */
  private static final long PING_INTERVAL_MS = 1_000;

  private static final long PING_REPLY_MS = 3_000;

  /** How long a connection to another node may take to be made; what it carries waits meanwhile. */
  private static final int CONNECT_MS = 1_000;

  private final ClusterSettings settings;
  private final RejoiningClusterManager manager;

  public ClusterMember(ClusterSettings settings) {
    this.settings = settings;
    this.manager = RejoiningClusterManager.of(settings);
  }

  /**
   * The options of the event bus between the nodes. With TLS both ends need a certificate of the
   * cluster's authority; the name in it is not checked, because any member is trusted alike.
   */
  public EventBusOptions busOptions() {
    EventBusOptions options =
        new EventBusOptions()
            .setHost(settings.host())
            .setPort(settings.busPort())
            .setConnectTimeout(CONNECT_MS)
            .setClusterPingInterval(PING_INTERVAL_MS)
            .setClusterPingReplyInterval(PING_REPLY_MS);
    settings.tls().ifPresent(tls -> secure(options, tls));
    return options;
  }

  private static void secure(EventBusOptions options, TlsFiles tls) {
    options
        .setSsl(true)
        // Vert.x trusts everybody on its bus unless it is told otherwise.
        .setTrustAll(false)
        .setClientAuth(ClientAuth.REQUIRED)
        .setTrustOptions(new PemTrustOptions().addCertPath(tls.ca()))
        .setKeyCertOptions(
            new PemKeyCertOptions().setCertPath(tls.certificate()).setKeyPath(tls.key()));
  }

  /**
   * Starts a Vert.x that is a member. Blocking.
   *
   * @throws StartFailure if it cannot join
   */
  public Vertx join(VertxBuilder builder) {
    try {
      return builder
          .withClusterManager(manager)
          .buildClustered()
          .await(JOIN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new StartFailure("The cluster was not joined within " + JOIN_SECONDS + " s", late);
    } catch (RuntimeException failure) {
      throw new StartFailure(
          "The cluster cannot be joined: " + StartFailure.reason(failure), failure);
    }
  }

  /** The id of this node. */
  public String id() {
    return manager.getNodeId();
  }

  /** The ids of all members now, this node included. */
  public List<String> members() {
    return manager.getNodes();
  }
}
