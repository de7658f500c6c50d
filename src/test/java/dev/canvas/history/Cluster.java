package dev.canvas.history;

import dev.canvas.app.RunningService;
import dev.canvas.bus.BusMediaService;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.PostgresTestStore;
import dev.canvas.testing.SharedStore;
import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Two nodes of the service with one Postgres and one Redis, each link through a proxy. Either one
 * node runs in this process, so that its event bus can be called and its event loops be stalled, or
 * both run in processes of their own, which can be killed. The clients have their own event loops.
 * Thread-safe.
 */
final class Cluster implements AutoCloseable {

  static final int HERE = 1;
  static final int THERE = 2;

  final KillableServers servers = new KillableServers();
  final TcpProxy redisLink = new TcpProxy(servers.redis().uri());
  final RedisPair redisPair = new RedisPair(servers.redis(), redisLink);
  final TcpProxy postgresLink = new TcpProxy(servers.postgres().uri());
  final Vertx clients = Vertx.vertx();
  private final PostgresTestStore store = new PostgresTestStore(postgresLink.uri());
  private final List<Node> processes = new ArrayList<>();
  private final Optional<RunningService> here;

  /**
   * @param near whether the nodes have a near cache
   * @param inProcesses whether both nodes run in processes of their own
   */
  Cluster(boolean near, boolean inProcesses) {
    Map<String, String> settings = new HashMap<>();
    settings.put("CANVAS_CACHE_NEAR_ENABLED", Boolean.toString(near));
    settings.put("CANVAS_DATA_INSTANCES", "2");
    here =
        inProcesses
            ? Optional.empty()
            : Optional.of(new RunningService(new SharedStore(store), redisLink.uri(), settings));
    settings.put("CANVAS_HTTP_HOST", "127.0.0.1");
    settings.put("CANVAS_HTTP_PORT", "0");
    settings.put("CANVAS_MANAGEMENT_PORT", "0");
    settings.put("CANVAS_AUTH_MODE", "none");
    settings.put("CANVAS_POSTGRES_URI", database().uri());
    settings.put("CANVAS_REDIS_URI", redisLink.uri());
    processes.add(new Node("node", settings));
    if (inProcesses) {
      processes.add(new Node("other-node", settings));
    }
  }

  /** Every API of each node, and the database. */
  List<Channel> channels() {
    HttpCalls toHere =
        new HttpCalls(
            clients, here.<IntSupplier>map(node -> node::httpPort).orElseGet(() -> last()::port));
    HttpCalls toThere = new HttpCalls(clients, processes.get(0)::port);
    List<Channel> channels = new ArrayList<>();
    channels.add(new DocumentsChannel(HERE, toHere));
    channels.add(new DocumentsChannel(THERE, toThere));
    channels.add(new ImagesChannel(HERE, toHere));
    channels.add(new ImagesChannel(THERE, toThere));
    here.ifPresent(
        node ->
            channels.add(
                new BusChannel(
                    HERE, new BusMediaService(node.vertx(), new SimpleMeterRegistry()), true)));
    channels.add(new SqlChannel(clients, database().uri()));
    return channels;
  }

  private Node last() {
    return processes.get(processes.size() - 1);
  }

  /** The nodes that run in processes of their own. */
  List<Node> processes() {
    return processes;
  }

  /** The event loops of the node that runs in this process, if one does. */
  List<Vertx> loops() {
    return here.map(RunningService::vertx).stream().toList();
  }

  /** The database of the nodes. */
  TestDatabase database() {
    return store.database();
  }

  /** Queries the database of the nodes; returns the first column of the first row. */
  String query(String sql) {
    return database().query(sql);
  }

  @Override
  public void close() {
    redisLink.mend();
    postgresLink.mend();
    try {
      clients.close().await();
      processes.forEach(Node::close);
      here.ifPresent(RunningService::close);
      store.close();
    } finally {
      redisPair.close();
      redisLink.close();
      postgresLink.close();
      servers.close();
    }
  }
}
