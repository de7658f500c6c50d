package dev.canvas.history;

import dev.canvas.app.RunningService;
import dev.canvas.bus.BusMediaService;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.TcpProxy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two nodes of the service with one Postgres and one Redis, each link through a proxy. One node
 * runs in this process, so that its event bus can be called; the other in a process of its own, so
 * that it can be killed. The clients have their own event loops. Thread-safe.
 */
final class Cluster implements AutoCloseable {

  static final int HERE = 1;
  static final int THERE = 2;

  final KillableServers servers = new KillableServers();
  final TcpProxy redisLink = new TcpProxy(servers.redis().uri());
  final TcpProxy postgresLink = new TcpProxy(servers.postgres().uri());
  final Vertx clients = Vertx.vertx();
  final Node there;
  private final RunningService here;

  /**
   * @param near whether the nodes have a near cache
   */
  Cluster(boolean near) {
    Map<String, String> settings = new HashMap<>();
    settings.put("CANVAS_CACHE_NEAR_ENABLED", Boolean.toString(near));
    settings.put("CANVAS_DATA_INSTANCES", "2");
    here = new RunningService(postgresLink.uri(), redisLink.uri(), settings);
    settings.put("CANVAS_HTTP_HOST", "127.0.0.1");
    settings.put("CANVAS_HTTP_PORT", "0");
    settings.put("CANVAS_MANAGEMENT_PORT", "0");
    settings.put("CANVAS_AUTH_MODE", "none");
    settings.put("CANVAS_POSTGRES_URI", here.database().uri());
    settings.put("CANVAS_REDIS_URI", redisLink.uri());
    there = new Node(settings);
  }

  /** Every API of each node, and the database. */
  List<Channel> channels() {
    HttpCalls toHere = new HttpCalls(clients, here::httpPort);
    HttpCalls toThere = new HttpCalls(clients, there::port);
    return List.of(
        new DocumentsChannel(HERE, toHere),
        new DocumentsChannel(THERE, toThere),
        new ImagesChannel(HERE, toHere),
        new ImagesChannel(THERE, toThere),
        new BusChannel(HERE, new BusMediaService(here.vertx(), new SimpleMeterRegistry()), true),
        new SqlChannel(clients, here.database().uri()));
  }

  /** The event loops of the node that runs in this process. */
  Vertx vertx() {
    return here.vertx();
  }

  /** Queries the database of the nodes; returns the first column of the first row. */
  String query(String sql) {
    return here.database().query(sql);
  }

  @Override
  public void close() {
    try {
      clients.close().await();
      there.close();
      here.close();
    } finally {
      redisLink.close();
      postgresLink.close();
      servers.close();
    }
  }
}
