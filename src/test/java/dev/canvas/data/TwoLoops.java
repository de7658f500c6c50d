package dev.canvas.data;

import dev.canvas.bus.Codecs;
import dev.canvas.data.postgres.Schema;
import dev.canvas.media.Change;
import dev.canvas.media.Lookup;
import dev.canvas.media.MediaRules;
import dev.canvas.media.MediaService;
import dev.canvas.media.ProductId;
import dev.canvas.media.Written;
import dev.canvas.testing.TestDatabase;
import dev.canvas.testing.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The data side of a process with two event loops, each of which can be called by itself. */
public final class TwoLoops {

  private final TestDatabase database;
  private final boolean owner;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final List<LoopService> loops = new ArrayList<>();
  private final DataSettings settings;
  private final DataNode node;

  /**
   * @param near whether it has a near cache
   */
  public TwoLoops(boolean near) {
    owner = true;
    database = new TestDatabase(TestServers.shared().postgresUri());
    Schema.migrate(database.dataSource());
    database.execute(
        "update catalogue set generation = " + ThreadLocalRandom.current().nextLong(1L << 50));
    String redis = TestServers.shared().redisUri();
    settings =
        near
            ? TestSettings.near(database.uri(), redis)
            : TestSettings.patient(database.uri(), redis);
    node = node();
  }

  /** Another process with the same servers; close it before that one. */
  public TwoLoops(TwoLoops other) {
    owner = false;
    database = other.database;
    settings = other.settings;
    node = node();
  }

  private DataNode node() {
    Codecs.register(vertx.eventBus());
    return new DataNode(settings, new MediaRules(false), new SimpleMeterRegistry());
  }

  public void start() throws Exception {
    vertx.deployVerticle(node.relay(true)).await(20, TimeUnit.SECONDS);
    for (int loop = 0; loop < 2; loop++) {
      DataVerticle verticle = (DataVerticle) node.data("data-" + loop);
      vertx.deployVerticle(verticle).await(20, TimeUnit.SECONDS);
      loops.add(new LoopService(verticle));
    }
  }

  public TestDatabase database() {
    return database;
  }

  public Lookup get(int loop, ProductId productId) throws Exception {
    return loops.get(loop).get(productId).await(20, TimeUnit.SECONDS);
  }

  public Written write(int loop, Change change) throws Exception {
    return loops.get(loop).write(change).await(20, TimeUnit.SECONDS);
  }

  /** Sends changes in one event-loop tick and waits for all answers, including failures. */
  List<Future<Written>> writeAll(int loop, List<Change> changes) throws Exception {
    List<Future<Written>> writes = sendAll(loop, changes);
    awaitAll(writes);
    return writes;
  }

  /** Sends changes in one event-loop tick. */
  List<Future<Written>> sendAll(int loop, List<Change> changes) {
    List<Function<MediaService, Future<Written>>> calls = new ArrayList<>();
    changes.forEach(change -> calls.add(media -> media.write(change)));
    return loops.get(loop).inOneTick(calls);
  }

  void awaitAll(List<Future<Written>> writes) throws Exception {
    Future.join(writes).otherwiseEmpty().await(20, TimeUnit.SECONDS);
  }

  /** Ends the process but not its servers. */
  void stop() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  public void close() throws Exception {
    stop();
    if (owner) {
      database.close();
    }
  }
}
