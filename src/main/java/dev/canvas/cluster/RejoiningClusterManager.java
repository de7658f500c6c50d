package dev.canvas.cluster;

import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.infinispan.AdvancedCache;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.context.Flag;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachemanagerlistener.annotation.Merged;
import org.infinispan.notifications.cachemanagerlistener.event.MergeEvent;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jboss.logging.Logger;
import org.jgroups.JChannel;

/**
 * The cluster manager of Infinispan, made to survive a split of the cluster (ADR 42). Thread-safe.
 *
 * <ul>
 *   <li>A node that was given up and comes back, because it was frozen or cut off, announces its
 *       consumers again: the others have removed them meanwhile.
 *   <li>When two parts of a cluster meet, each node announces itself again: Infinispan keeps the
 *       records of one part, and leaves those of the other with their owners.
 *   <li>Each node looks itself for what has changed among the consumers of others. Infinispan does
 *       not tell of what a node learns by a merge, and Vert.x would go on sending to those it knew.
 *   <li>While parts of a cluster meet, Vert.x goes on with what it knew of members ({@link
 *       ToldConsumers}): their records may be missing until they have announced themselves.
 * </ul>
 */
final class RejoiningClusterManager extends InfinispanClusterManager {

  private static final Logger LOG = Logger.getLogger(RejoiningClusterManager.class);

  /** How often this node looks into its own copy of the consumers of all nodes. */
  private static final long LOOK_MS = 1_000;

  /** When a node announces itself again after parts of the cluster have met. */
  private static final long[] AFTER_A_MEETING_MS = {500, 4_000};

  private static final String CONSUMERS = "__vertx.subs";

  private static final String NAME = "canvas";

  private final DefaultCacheManager caches;
  private final Map<String, Set<RegistrationInfo>> announced = new ConcurrentHashMap<>();

  /** Where the bus of each member is. Like consumers, this is not on record for some seconds. */
  private final Map<String, NodeInfo> nodes = new ConcurrentHashMap<>();

  private volatile ToldConsumers told =
      new ToldConsumers(new RegistrationListener() {}, this::getNodes);
  private Vertx vertx;
  private volatile boolean leaving;

  static RejoiningClusterManager of(ClusterSettings settings, Optional<MemberTls> tls) {
    return new RejoiningClusterManager(caches(MemberChannel.of(settings, tls)));
  }

  private RejoiningClusterManager(DefaultCacheManager caches) {
    super(caches);
    this.caches = caches;
  }

  private static DefaultCacheManager caches(JChannel channel) {
    GlobalConfigurationBuilder global = new GlobalConfigurationBuilder();
    global.transport().transport(new JGroupsTransport(channel)).clusterName(NAME);
    global.jmx().disable();
    global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    DefaultCacheManager caches = new DefaultCacheManager(global.build(), false);
    Configuration replicated =
        new ConfigurationBuilder().clustering().cacheMode(CacheMode.REPL_SYNC).build();
    caches.defineConfiguration(CONSUMERS, replicated);
    caches.defineConfiguration("__vertx.haInfo", replicated);
    caches.defineConfiguration("__vertx.nodeInfo", replicated);
    return caches;
  }

  /** Hears of parts of the cluster that have met. Public because Infinispan calls it. */
  @Listener
  public static final class Meetings {

    private final Runnable met;

    private Meetings(Runnable met) {
      this.met = met;
    }

    /** Called by Infinispan. */
    @Merged
    public void met(MergeEvent event) {
      met.run();
    }
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
              caches.addListener(new Meetings(this::met));
              return null;
            })
        .compose(
            started -> {
              Promise<Void> joined = Promise.promise();
              super.join(joined);
              return joined.future();
            })
        .onSuccess(joined -> lookAgain())
        .onComplete(done);
  }

  @Override
  public void leave(Completable<Void> done) {
    leaving = true;
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

  @Override
  public synchronized void registrationListener(RegistrationListener interested) {
    told = new ToldConsumers(interested, this::getNodes);
    super.registrationListener(told);
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> done) {
    super.getRegistrations(
        address,
        (recorded, failure) -> {
          if (failure == null) {
            done.succeed(told.withHeld(address, recorded));
          } else {
            done.fail(failure);
          }
        });
  }

  @Override
  public void getNodeInfo(String node, Completable<NodeInfo> done) {
    NodeInfo known = nodes.get(node);
    if (known != null) {
      done.succeed(known);
    } else {
      super.getNodeInfo(
          node,
          (info, failure) -> {
            if (failure == null) {
              nodes.put(node, info);
            }
            done.complete(info, failure);
          });
    }
  }

  private void met() {
    told.hold();
    announceAgainSoon();
  }

  /** Twice: the first time may fall into the time in which Infinispan moves records. */
  private void announceAgainSoon() {
    for (long delay : AFTER_A_MEETING_MS) {
      vertx.setTimer(delay, over -> besideLoops(this::announceAgain));
    }
  }

  /**
   * Sends the records of all addresses that this node has announced to all others, as values. A
   * record that is added once more is not sent, if it is in the copy which decides, though it may
   * be in no other one.
   */
  private void announceAgain() {
    NodeInfo own = getNodeInfo();
    if (own != null) {
      setNodeInfo(own, (done, failed) -> {});
    }
    Set<String> members = Set.copyOf(getNodes());
    for (String address : announced.keySet()) {
      super.getRegistrations(
          address,
          (known, failure) -> {
            if (failure == null && known.stream().allMatch(one -> members.contains(one.nodeId()))) {
              send(address);
            }
          });
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // It is sent twice.
  private void send(String address) {
    AdvancedCache<String, Object> consumers =
        caches.<String, Object>getCache(CONSUMERS).getAdvancedCache();
    consumers
        .withFlags(Flag.CACHE_MODE_LOCAL)
        .getAsync(address)
        .thenAccept(
            record -> {
              if (record != null) {
                consumers.putAsync(address, record);
              }
            });
  }

  private void lookAgain() {
    vertx.setTimer(
        LOOK_MS,
        over -> {
          if (!leaving) {
            besideLoops(this::look).onComplete(looked -> lookAgain());
          }
        });
  }

  /**
   * What Infinispan has not here, it asks another node for, and that may wait for a connection to a
   * frozen one.
   */
  private Future<Void> besideLoops(Runnable work) {
    return vertx.executeBlocking(
        () -> {
          work.run();
          return null;
        },
        false);
  }

  private void look() {
    nodes.keySet().retainAll(getNodes());
    announceWhatIsMissing();
    tellWhatHasChanged();
  }

  private void tellWhatHasChanged() {
    Set<String> addresses = new HashSet<>(told.addresses());
    addresses.addAll(
        caches
            .<String, Object>getCache(CONSUMERS)
            .getAdvancedCache()
            .withFlags(Flag.CACHE_MODE_LOCAL)
            .keySet());
    for (String address : addresses) {
      super.getRegistrations(
          address,
          (consumers, failure) -> {
            if (failure == null) {
              told.tell(address, consumers);
            }
          });
    }
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
