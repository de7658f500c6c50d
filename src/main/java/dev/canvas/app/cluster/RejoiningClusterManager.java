package dev.canvas.app.cluster;

import dev.canvas.app.config.ClusterSettings;
import io.vertx.core.Completable;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster manager of Infinispan with one addition: a node that was given up and comes back,
 * because it was frozen or cut off, announces its consumers again. The others have removed them
 * meanwhile, and Infinispan's manager leaves it at that (ADR 36). Thread-safe.
 */
final class RejoiningClusterManager extends InfinispanClusterManager {

  private static final Logger LOG = LoggerFactory.getLogger(RejoiningClusterManager.class);

  /** How often this node looks whether the others still know its consumers: a local look-up. */
  private static final long LOOK_MS = 1_000;

  private static final String NAME = "canvas";

  private final DefaultCacheManager caches;
  private final Map<String, Set<RegistrationInfo>> announced = new ConcurrentHashMap<>();
  private Vertx vertx;

  static RejoiningClusterManager of(ClusterSettings settings) {
    return new RejoiningClusterManager(caches(settings));
  }

  private RejoiningClusterManager(DefaultCacheManager caches) {
    super(caches);
    this.caches = caches;
  }

  private static DefaultCacheManager caches(ClusterSettings settings) {
    GlobalConfigurationBuilder global = new GlobalConfigurationBuilder();
    global
        .transport()
        .transport(new JGroupsTransport(MemberChannel.of(settings)))
        .clusterName(NAME);
    global.jmx().disable();
    global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    DefaultCacheManager caches = new DefaultCacheManager(global.build(), false);
    Configuration replicated =
        new ConfigurationBuilder().clustering().cacheMode(CacheMode.REPL_SYNC).build();
    caches.defineConfiguration("__vertx.subs", replicated);
    caches.defineConfiguration("__vertx.haInfo", replicated);
    caches.defineConfiguration("__vertx.nodeInfo", replicated);
    return caches;
  }

  @Override
  public void init(Vertx vertx) {
    super.init(vertx);
    this.vertx = vertx;
  }

  @Override
  public void join(Completable<Void> done) {
    vertx
        .executeBlocking(
            () -> {
              caches.start();
              return null;
            })
        .compose(
            started -> {
              Promise<Void> joined = Promise.promise();
              super.join(joined);
              return joined.future();
            })
        .onSuccess(joined -> vertx.setPeriodic(LOOK_MS, tick -> announceWhatIsMissing()))
        .onComplete(done);
  }

  @Override
  public void leave(Completable<Void> done) {
    Promise<Void> left = Promise.promise();
    super.leave(left);
    left.future()
        .compose(
            over ->
                vertx.<Void>executeBlocking(
                    () -> {
                      caches.stop();
                      return null;
                    }))
        .onComplete(done);
  }

  @Override
  public void addRegistration(
      String address, RegistrationInfo registration, Completable<Void> done) {
    if (!registration.localOnly()) {
      announced.computeIfAbsent(address, none -> ConcurrentHashMap.newKeySet()).add(registration);
    }
    super.addRegistration(address, registration, done);
  }

  @Override
  public void removeRegistration(
      String address, RegistrationInfo registration, Completable<Void> done) {
    announced.computeIfPresent(
        address,
        (same, registrations) -> {
          registrations.remove(registration);
          return registrations.isEmpty() ? null : registrations;
        });
    super.removeRegistration(address, registration, done);
  }

  private void announceWhatIsMissing() {
    announceNode();
    announced.forEach(
        (address, own) ->
            super.getRegistrations(
                address,
                (known, failure) -> {
                  if (failure == null) {
                    own.stream()
                        .filter(registration -> !known.contains(registration))
                        .forEach(registration -> announce(address, registration));
                  }
                }));
  }

  private void announceNode() {
    NodeInfo own = getNodeInfo();
    if (own != null) {
      super.getNodeInfo(
          getNodeId(),
          (known, failure) -> {
            if (failure != null) {
              LOG.info("This node was given up by the others; it announces itself again");
              setNodeInfo(own, (done, failed) -> {});
            }
          });
    }
  }

  private void announce(String address, RegistrationInfo registration) {
    Promise<Void> done = Promise.promise();
    super.addRegistration(address, registration, done);
    done.future()
        .onSuccess(
            added -> {
              // It may have ended while it was announced.
              if (!announced.getOrDefault(address, Set.of()).contains(registration)) {
                super.removeRegistration(address, registration, (removed, failed) -> {});
              }
            });
  }
}
