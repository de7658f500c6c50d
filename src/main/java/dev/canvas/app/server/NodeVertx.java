package dev.canvas.app.server;

import dev.canvas.app.config.NodeCluster;
import dev.canvas.app.config.StartFailure;
import dev.canvas.app.metrics.MetricsFactory;
import dev.canvas.app.tracing.OtlpTracing;
import dev.canvas.cluster.ClusterException;
import dev.canvas.cluster.ClusterMember;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the Vert.x of a process. */
final class NodeVertx {

  /** How long a resolved address is cached at most, even if its DNS record lives longer. */
  private static final int MAX_DNS_CACHE_SECONDS = 1;

  private static final boolean IS_LINUX = System.getProperty("os.name").equals("Linux");

  private static final Logger LOG = LoggerFactory.getLogger(NodeVertx.class);

  private NodeVertx() {}

  /**
   * Creates a Vert.x, as a member of a cluster if there is one. Blocking.
   *
   * @param registry gets its metrics, if anything counts them
   * @param tracing records its requests, if anything does
   */
  static Vertx create(
      Optional<PrometheusMeterRegistry> registry,
      Optional<ClusterMember> member,
      Optional<OtlpTracing> tracing) {
    VertxOptions options = options();
    VertxBuilder builder = Vertx.builder();
    registry.ifPresent(meters -> MetricsFactory.install(builder, options, meters));
    tracing.ifPresent(traces -> traces.install(builder, options));
    Vertx vertx =
        member.isPresent() ? join(member.get(), builder, options) : builder.with(options).build();
    if (IS_LINUX && !vertx.isNativeTransportEnabled()) {
      LOG.warn(
          "The native transport of this machine cannot be used, so sockets cost more CPU ({});"
              + " if {} is mounted with noexec, name another directory: -Djava.io.tmpdir=DIR",
          StartFailure.reason(vertx.unavailableNativeTransportCause()),
          System.getProperty("java.io.tmpdir"));
    }
    return vertx;
  }

  /**
   * This node as a member of its cluster, which it has not joined yet.
   *
   * @throws StartFailure if its address or its certificates cannot be used
   */
  static ClusterMember member(NodeCluster cluster) {
    try {
      return new ClusterMember(cluster.membership());
    } catch (ClusterException failure) {
      throw notJoined(failure);
    }
  }

  private static Vertx join(ClusterMember member, VertxBuilder builder, VertxOptions options) {
    try {
      return member.join(builder, options);
    } catch (ClusterException failure) {
      throw notJoined(failure);
    }
  }

  private static StartFailure notJoined(ClusterException failure) {
    return new StartFailure(failure.getMessage() + ": " + StartFailure.reason(failure), failure);
  }

  private static VertxOptions options() {
    return new VertxOptions()
        // Uses epoll where it is available (Linux).
        .setPreferNativeTransport(true)
        // One event loop per core, so that an HTTP and a data verticle share each loop, and one for
        // what must be punctual: relay, near cache's subscription, management.
        .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors() + 1)
        // A restarted server may have a new address: Docker assigns the next free one.
        .setAddressResolverOptions(
            new AddressResolverOptions()
                .setCacheMaxTimeToLive(MAX_DNS_CACHE_SECONDS)
                .setCacheNegativeTimeToLive(0));
  }
}
