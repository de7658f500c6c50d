package dev.canvas.bus;

import dev.canvas.control.NodeReport;
import dev.canvas.control.NodeRole;
import dev.canvas.control.Tiers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the other nodes of the cluster: what they run, and which of them answer. Each node pings
 * each other one four times a second. One that does not answer a ping or a request is avoided until
 * it answers a ping that was sent later. Membership itself is the business of the cluster manager,
 * which takes seconds to give up a node that is frozen. Thread-safe.
 */
public final class ClusterNodes implements Shareable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterNodes.class);

  private static final String SHARED = "canvas.cluster";

  private static final long PING_INTERVAL_MS = 250;

  /** How long an answer to a ping may take before requests go to other nodes. */
  private static final DeliveryOptions PING =
      new DeliveryOptions().setSendTimeout(3 * PING_INTERVAL_MS);

  /** How long a node that leaves waits until the others have taken note. */
  private static final DeliveryOptions LEAVE = new DeliveryOptions().setSendTimeout(1_000);

  /** How long a request may be on its way that was sent just before its node was told to leave. */
  private static final Duration ON_THE_WAY = Duration.ofMillis(200);

  private static final String LEAVING = "leaving";
  private static final String WIRE = "wire";

  private final Vertx vertx;
  private final String self;
  private final Supplier<List<String>> members;
  private final Supplier<NodeReport> report;
  private final Duration readTimeout;
  private final boolean servesData;
  private final Map<String, Peer> peers = new HashMap<>();
  private final AtomicInteger turn = new AtomicInteger();
  private volatile DataPeers dataPeers = new DataPeers(List.of(), List.of());
  private volatile boolean leaving;

  /** The other nodes with data verticles: those that answer, and those to ask if none does. */
  private record DataPeers(List<String> answering, List<String> silent) {}

  private ClusterNodes(
      Vertx vertx,
      String self,
      Duration readTimeout,
      Supplier<List<String>> members,
      Supplier<NodeReport> report) {
    this.vertx = vertx;
    this.readTimeout = readTimeout;
    this.self = self;
    this.members = members;
    this.report = report;
    this.servesData = report.get().roles().contains(NodeRole.DATA);
  }

  /**
   * Creates the view of this node, which {@link #of} finds. Must be called before a verticle is
   * deployed.
   *
   * @param self the id of this node
   * @param readTimeout how long the answer to a read of another node may take, all attempts
   *     together
   * @param members the ids of all members of the cluster now
   * @param report describes this node
   */
  public static ClusterNodes create(
      Vertx vertx,
      String self,
      Duration readTimeout,
      Supplier<List<String>> members,
      Supplier<NodeReport> report) {
    ClusterNodes nodes = new ClusterNodes(vertx, self, readTimeout, members, report);
    vertx.sharedData().<String, ClusterNodes>getLocalMap(SHARED).put(SHARED, nodes);
    return nodes;
  }

  /** The view of this node; empty if it belongs to no cluster. */
  static Optional<ClusterNodes> of(Vertx vertx) {
    return Optional.ofNullable(
        vertx.sharedData().<String, ClusterNodes>getLocalMap(SHARED).get(SHARED));
  }

  /**
   * Begins to answer the pings of others and to ping them. Must be called by a verticle that is
   * starting: both end with it.
   */
  public Future<Void> start() {
    return vertx
        .eventBus()
        .consumer(NodeAddresses.at(NodeAddresses.NODE, self), this::answer)
        .completion()
        .onSuccess(
            registered -> {
              ping();
              vertx.setPeriodic(PING_INTERVAL_MS, tick -> ping());
            });
  }

  /** How long the answer to a read of another node may take, all attempts together. */
  Duration readTimeout() {
    return readTimeout;
  }

  /** The address of this node for a kind of request. */
  String ownAddress(String address) {
    return NodeAddresses.at(address, self);
  }

  /** Whether this node has data verticles itself. */
  boolean servesData() {
    return servesData;
  }

  /**
   * Chooses another node with data verticles, in turn: one that answers, or, if none does, one that
   * may again.
   *
   * @param tried not these
   */
  Optional<String> chooseData(Set<String> tried) {
    DataPeers now = dataPeers;
    return choose(now.answering(), tried).or(() -> choose(now.silent(), tried));
  }

  /** Whether {@link #chooseData} would find a node. */
  boolean hasDataBeside(Set<String> tried) {
    DataPeers now = dataPeers;
    return !tried.containsAll(now.answering()) || !tried.containsAll(now.silent());
  }

  private Optional<String> choose(List<String> nodes, Set<String> tried) {
    int first = turn.getAndIncrement() & Integer.MAX_VALUE;
    for (int i = 0; i < nodes.size(); i++) {
      String node = nodes.get((first + i) % nodes.size());
      if (!tried.contains(node)) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  /** Avoids a node that did not answer a request, until it answers a ping. */
  synchronized void avoid(String node) {
    Peer peer = peers.get(node);
    if (peer != null) {
      peer.avoid();
      publish();
    }
  }

  /** What the data verticles of the other nodes that answer are connected to, of any of them. */
  public synchronized Tiers tiersOfOthers() {
    List<Tiers> all =
        peers.values().stream()
            .filter(peer -> peer.answers() && peer.servesData())
            .map(peer -> peer.report().tiers())
            .toList();
    return new Tiers(all.stream().anyMatch(Tiers::cache), all.stream().anyMatch(Tiers::store));
  }

  /** All nodes that have ever answered, this one included, by id. */
  synchronized List<KnownNode> all() {
    Map<String, KnownNode> all = new TreeMap<>();
    all.put(self, new KnownNode(self, true, report.get()));
    peers.forEach(
        (node, peer) -> {
          if (peer.report() != null) {
            all.put(node, new KnownNode(node, peer.answers(), peer.report()));
          }
        });
    return List.copyOf(all.values());
  }

  /**
   * Has the other nodes send no further requests here. Completes when they have taken note and what
   * they had sent before has arrived, or when they do not answer.
   */
  public Future<Void> leave() {
    leaving = true;
    JsonObject note = new JsonObject().put(LEAVING, self);
    List<Future<Message<Object>>> notes = new ArrayList<>();
    for (String node : others()) {
      notes.add(vertx.eventBus().request(NodeAddresses.at(NodeAddresses.NODE, node), note, LEAVE));
    }
    return Future.join(notes)
        .otherwiseEmpty()
        .compose(noted -> vertx.timer(notes.isEmpty() ? 1 : ON_THE_WAY.toMillis()))
        .mapEmpty();
  }

  private List<String> others() {
    return members.get().stream().filter(node -> !node.equals(self)).toList();
  }

  private void answer(Message<JsonObject> ping) {
    String leaver = ping.body().getString(LEAVING);
    if (leaver != null) {
      leaves(leaver);
    }
    ping.reply(
        report.get().toJson().put(LEAVING, leaving).put(WIRE, (int) RecordCodec.WIRE_VERSION));
  }

  private synchronized void leaves(String node) {
    Peer peer = peers.get(node);
    if (peer != null) {
      peer.leave();
      publish();
    }
  }

  private void ping() {
    for (String node : toPing()) {
      long sentNanos = System.nanoTime();
      vertx
          .eventBus()
          .<JsonObject>request(NodeAddresses.at(NodeAddresses.NODE, node), new JsonObject(), PING)
          .onComplete(reply -> answered(node, sentNanos, reply.body()), failure -> silent(node));
    }
  }

  /** Forgets who is no member any more, and picks those whose last ping is over. */
  private synchronized List<String> toPing() {
    List<String> others = others();
    Set<String> gone = new HashSet<>(peers.keySet());
    others.forEach(gone::remove);
    for (String node : gone) {
      LOG.info("Node {} is no member of the cluster any more", node);
      peers.remove(node);
      publish();
    }
    List<String> idle = new ArrayList<>();
    for (String node : others) {
      if (peers.computeIfAbsent(node, Peer::new).beginPing()) {
        idle.add(node);
      }
    }
    return idle;
  }

  private synchronized void answered(String node, long sentNanos, JsonObject answer) {
    Peer peer = peers.get(node);
    if (peer == null) {
      return;
    }
    peer.answered(
        NodeReport.of(answer),
        answer.getBoolean(LEAVING, false),
        answer.getInteger(WIRE, 0) != RecordCodec.WIRE_VERSION,
        sentNanos);
    publish();
  }

  private synchronized void silent(String node) {
    Peer peer = peers.get(node);
    if (peer != null) {
      peer.silent();
      publish();
    }
  }

  private void publish() {
    List<String> answering = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    peers.forEach(
        (node, peer) -> {
          if (peer.servesData()) {
            (peer.answers() ? answering : silent).add(node);
          }
        });
    dataPeers = new DataPeers(List.copyOf(answering), List.copyOf(silent));
  }
}
