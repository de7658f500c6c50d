package dev.canvas.testing;

import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cluster manager of a cluster with one node. Records the consumers that other nodes would
 * learn of.
 */
public final class SingleNodeClusterManager implements ClusterManager {

  private static final String NODE = "the-only-one";

  private final Set<String> announced = ConcurrentHashMap.newKeySet();
  private final Map<String, RegistrationInfo> local = new ConcurrentHashMap<>();
  private NodeInfo info;

  /** The addresses whose consumers other nodes would learn of. */
  public Set<String> announced() {
    return Collections.unmodifiableSet(announced);
  }

  /** The addresses with local consumers. */
  public Set<String> local() {
    return Collections.unmodifiableSet(local.keySet());
  }

  @Override
  public void addRegistration(String address, RegistrationInfo info, Completable<Void> done) {
    if (info.localOnly()) {
      local.put(address, info);
    } else {
      announced.add(address);
    }
    done.succeed();
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo info, Completable<Void> done) {
    local.remove(address, info);
    done.succeed();
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> found) {
    found.succeed(List.of(new RegistrationInfo(NODE, 1, false)));
  }

  @Override
  public String getNodeId() {
    return NODE;
  }

  @Override
  public List<String> getNodes() {
    return List.of(NODE);
  }

  @Override
  public NodeInfo getNodeInfo() {
    return info;
  }

  @Override
  public void getNodeInfo(String nodeId, Completable<NodeInfo> found) {
    found.succeed(info);
  }

  @Override
  public void setNodeInfo(NodeInfo info, Completable<Void> done) {
    this.info = info;
    done.succeed();
  }

  @Override
  public void join(Completable<Void> done) {
    done.succeed();
  }

  @Override
  public void leave(Completable<Void> done) {
    done.succeed();
  }

  @Override
  public boolean isActive() {
    return true;
  }

  @Override
  public String clusterHost() {
    return "127.0.0.1";
  }

  @Override
  public void init(Vertx vertx) {}

  @Override
  public void nodeListener(NodeListener listener) {}

  @Override
  public void registrationListener(RegistrationListener listener) {}

  @Override
  public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> found) {
    found.fail("This cluster shares no data");
  }

  @Override
  public <K, V> Map<K, V> getSyncMap(String name) {
    throw new UnsupportedOperationException("This cluster shares no data");
  }

  @Override
  public void getLockWithTimeout(String name, long timeout, Completable<Lock> found) {
    found.fail("This cluster shares no data");
  }

  @Override
  public void getCounter(String name, Completable<Counter> found) {
    found.fail("This cluster shares no data");
  }
}
