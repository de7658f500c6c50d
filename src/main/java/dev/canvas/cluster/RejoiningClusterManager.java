package dev.canvas.cluster;

import io.vertx.core.Completable;
import io.vertx.core.Future;
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
import org.jboss.logging.Logger;

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

  private final MemberCaches caches;
  private final AnnouncedConsumers.Records records = new Recorded();
  private final AnnouncedConsumers announced = new AnnouncedConsumers(records);

  /** Where the bus of each member is. Like consumers, this is not on record for some seconds. */
  private final Map<String, NodeInfo> nodes = new ConcurrentHashMap<>();

  private volatile ToldConsumers told =
      new ToldConsumers(new RegistrationListener() {}, this::getNodes);
  private Vertx vertx;
  private volatile boolean leaving;

  RejoiningClusterManager(ClusterSettings settings, Optional<MemberTls> tls) {
    this(new MemberCaches(settings, tls));
  }

  private RejoiningClusterManager(MemberCaches caches) {
    super(caches.infinispan());
    this.caches = caches;
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
              caches.start(this::met);
              return null;
            })
        .compose(started -> Future.<Void>future(super::join))
        .onSuccess(joined -> lookAgain())
        .onComplete(done);
  }

  @Override
  public void leave(Completable<Void> done) {
    leaving = true;
    Future.<Void>future(super::leave)
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
    announced.add(address, registration);
    super.addRegistration(address, registration, done);
  }

  @Override
  public void removeRegistration(
      String address, RegistrationInfo registration, Completable<Void> done) {
    announced.remove(address, registration);
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

  private void announceAgain() {
    NodeInfo own = getNodeInfo();
    if (own != null) {
      setNodeInfo(own, (done, failed) -> {});
    }
    announced.sendAgain(Set.copyOf(getNodes()));
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
    announceNode();
    announced.announceMissing();
    tellWhatHasChanged();
  }

  private void tellWhatHasChanged() {
    Set<String> addresses = new HashSet<>(told.addresses());
    addresses.addAll(caches.addresses());
    for (String address : addresses) {
      records.get(address).onSuccess(consumers -> told.tell(address, consumers));
    }
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

  /** The records as they are, without what is held for Vert.x. */
  private final class Recorded implements AnnouncedConsumers.Records {

    @Override
    public Future<List<RegistrationInfo>> get(String address) {
      return Future.future(done -> RejoiningClusterManager.super.getRegistrations(address, done));
    }

    @Override
    public Future<Void> add(String address, RegistrationInfo consumer) {
      return Future.future(
          done -> RejoiningClusterManager.super.addRegistration(address, consumer, done));
    }

    @Override
    public Future<Void> remove(String address, RegistrationInfo consumer) {
      return Future.future(
          done -> RejoiningClusterManager.super.removeRegistration(address, consumer, done));
    }

    @Override
    public void send(String address) {
      caches.send(address);
    }
  }
}
