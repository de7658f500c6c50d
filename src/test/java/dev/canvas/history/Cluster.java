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

/**
 * Nodes of the service with one Postgres and one Redis, each link to which is a proxy. The clients
 * have their own event loops. Thread-safe.
 */
final class Cluster implements AutoCloseable {

  static final int HERE = 1;
  static final int THERE = 2;

  final KillableServers servers = new KillableServers();
  final TcpProxy redisLink;
  final RedisPair redisPair;
  final TcpProxy postgresLink;
  final Vertx clients = Vertx.vertx();
  private final PostgresTestStore store;
  private final List<Node> processes;
  private final Optional<RunningService> here;

  /**
   * @param near whether the nodes have a near cache, if they can have one
   */
  Cluster(boolean near, Layout layout) {
    String address = layout == Layout.SPLIT_ROLES ? Hosts.CENTRE : "127.0.0.1";
    List<Host> hosts = layout == Layout.SPLIT_ROLES ? Hosts.make(SplitRoles.NODES) : List.of();
    redisLink = new TcpProxy(servers.redis().uri(), address);
    redisPair = new RedisPair(servers.redis(), redisLink);
    postgresLink = new TcpProxy(servers.postgres().uri(), address);
    store = new PostgresTestStore(postgresLink.uri());
    Map<String, String> settings = new HashMap<>();
    settings.put("CANVAS_CACHE_NEAR_ENABLED", Boolean.toString(near));
    settings.put("CANVAS_DATA_INSTANCES", "2");
    here =
        layout == Layout.ONE_HERE
            ? Optional.of(new RunningService(new SharedStore(store), redisLink.uri(), settings))
            : Optional.empty();
    settings.put("CANVAS_HTTP_HOST", "127.0.0.1");
    settings.put("CANVAS_HTTP_PORT", "0");
    settings.put("CANVAS_MANAGEMENT_PORT", "0");
    settings.put("CANVAS_AUTH_MODE", "none");
    settings.put("CANVAS_START_TIMEOUT", "4m");
    settings.put("CANVAS_POSTGRES_URI", database().uri());
    settings.put("CANVAS_REDIS_URI", redisLink.uri());
    processes =
        switch (layout) {
          case ONE_HERE -> List.of(new Node("node", settings));
          case PROCESSES -> List.of(new Node("node", settings), new Node("other-node", settings));
          case SPLIT_ROLES -> SplitRoles.start(hosts, settings);
        };
  }

  /** Every API of each node that has clients, and the database. */
  List<Channel> channels() {
    List<Channel> channels = new ArrayList<>();
    here.ifPresent(node -> channels.addAll(ofHttp(HERE, new HttpCalls(clients, node::httpPort))));
    List<Node> serving = processes.stream().filter(node -> node.port() > 0).toList();
    for (int i = 0; i < serving.size(); i++) {
      Node node = serving.get(i);
      int number = here.isPresent() ? THERE : i + 1;
      channels.addAll(ofHttp(number, new HttpCalls(clients, node.address(), node::port)));
    }
    here.ifPresent(
        node ->
            channels.add(
                new BusChannel(
                    HERE, new BusMediaService(node.vertx(), new SimpleMeterRegistry()), true)));
    channels.add(new SqlChannel(clients, database().uri()));
    return channels;
  }

  private static List<Channel> ofHttp(int number, HttpCalls calls) {
    return List.of(new DocumentsChannel(number, calls), new ImagesChannel(number, calls));
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
