package dev.canvas.http.connection;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the connections of all HTTP verticles of a process, so that file descriptors are left for
 * the connections to the stores, and those of one client address. Also counts the connections that
 * the service cuts, bounds the memory of their answers, and ends accepting. Thread-safe.
 */
public final class ConnectionLimit {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

  /** How much of an IPv6 address names the network of one client, in bytes (RFC 6177). */
  private static final int NETWORK_BYTES = 8;

  /** As much again may wait, and half as much is read for batches at most. */
  private static final int ANSWERS_PART_OF_HEAP = 8;

  /** Why a connection was cut; in lower case the tag {@code reason} of the metric. */
  enum Cut {
    /** The limit of all connections was reached. */
    FULL,
    /** The limit of the client's address was reached. */
    ADDRESS,
    /** The client took too long to send a request. */
    SLOW,
    /** The client pipelined too many requests. */
    AHEAD,
    /** The client left answers unread while the memory for them was short. */
    UNREAD
  }

  /**
   * The place of one open connection. Immutable.
   *
   * @param client what counts as its client, or null if clients are not counted
   */
  record Place(InetAddress client) {}

  private final int max;
  private final int maxPerAddress;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentMap<InetAddress, Integer> openByClient = new ConcurrentHashMap<>();
  private final AnswerMemory memory;
  private final AcceptQueue queue = new AcceptQueue();
  private final AtomicBoolean warned = new AtomicBoolean();
  private final CounterByReason<Cut> cuts;

  /**
   * @param max the maximum number of open connections, from 1
   * @param maxPerAddress the maximum number of open connections of one client address; 0 for no
   *     such limit
   * @param registry gets {@code canvas.connections.cut}, by reason, and {@code canvas.answers.held}
   */
  public ConnectionLimit(int max, int maxPerAddress, MeterRegistry registry) {
    this(max, maxPerAddress, registry, Runtime.getRuntime().maxMemory() / ANSWERS_PART_OF_HEAP);
  }

  /**
   * @param answerBytes how much of large answers is sent at once ({@link AnswerMemory})
   */
  public ConnectionLimit(int max, int maxPerAddress, MeterRegistry registry, long answerBytes) {
    this.max = max;
    this.maxPerAddress = maxPerAddress;
    this.memory = new AnswerMemory(answerBytes);
    Gauge.builder("canvas.answers.held", memory, AnswerMemory::heldBytes)
        .description("Large answers that are being sent, and unread rests of others")
        .baseUnit("bytes")
        .register(registry);
    this.cuts =
        new CounterByReason<>(
            "canvas.connections.cut",
            "Client connections that the service closed to protect itself",
            Cut.class,
            registry);
  }

  /** The maximum number of open connections. */
  public int max() {
    return max;
  }

  /**
   * From now on, each answer asks its client to close the connection. Others are not closed, and
   * new ones are accepted: so a load balancer has time to close those that it keeps.
   */
  public void announceEnd() {
    queue.announceEnd();
  }

  /**
   * Accepts no more connections in this process, but those that the kernel has accepted already.
   * From now on, each answer asks its client to close the connection. Completes when the port is
   * closed, within half a second.
   */
  public Future<Void> endAccepting(Vertx vertx) {
    return queue.end(vertx);
  }

  /** The memory of answers that are not read yet. */
  AnswerMemory memory() {
    return memory;
  }

  /** The connections that wait to be accepted. */
  AcceptQueue queue() {
    return queue;
  }

  /**
   * Takes a place for a connection, or returns null if none is left.
   *
   * @param proxies are no clients, so their connections are not counted by address
   */
  Place acquire(SocketAddress address, ProxySettings proxies) {
    if (open.incrementAndGet() > max) {
      open.decrementAndGet();
      countCut(Cut.FULL);
      warn();
      return null;
    }
    InetAddress client = maxPerAddress == 0 ? null : client(address, proxies);
    if (client != null && openByClient.merge(client, 1, Integer::sum) > maxPerAddress) {
      release(new Place(client));
      countCut(Cut.ADDRESS);
      return null;
    }
    return new Place(client);
  }

  /** Gives back the place of a closed connection. */
  void release(Place place) {
    if (place.client() != null) {
      openByClient.computeIfPresent(
          place.client(), (client, connections) -> connections == 1 ? null : connections - 1);
    }
    // Warn again only after the number has been well below the limit.
    if (open.decrementAndGet() < max / 2) {
      warned.set(false);
    }
  }

  void countCut(Cut reason) {
    cuts.count(reason);
  }

  private void warn() {
    if (warned.compareAndSet(false, true)) {
      LOG.warn(
          "The limit of {} open connections (http.connections) is reached: new connections are"
              + " closed at once",
          max);
    }
  }

  /** An IPv6 client may use any address of its network, so the network counts. */
  private static InetAddress client(SocketAddress address, ProxySettings proxies) {
    if (!(address instanceof InetSocketAddress inet) || proxies.areAt(inet.getAddress())) {
      return null;
    }
    byte[] network = inet.getAddress().getAddress();
    try {
      // An IPv4 address that is mapped into IPv6 becomes an Inet4Address here.
      InetAddress plain = InetAddress.getByAddress(network);
      if (!(plain instanceof Inet6Address)) {
        return plain;
      }
      Arrays.fill(network, NETWORK_BYTES, network.length, (byte) 0);
      return InetAddress.getByAddress(network);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
