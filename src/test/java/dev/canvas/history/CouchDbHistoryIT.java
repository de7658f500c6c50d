package dev.canvas.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.app.RunningService;
import dev.canvas.bus.BusMediaService;
import dev.canvas.history.Fault.Victim;
import dev.canvas.history.Operation.Outcome;
import dev.canvas.testing.CouchDbTestStore;
import dev.canvas.testing.KillableServers;
import dev.canvas.testing.TcpProxy;
import dev.canvas.testing.TestCouchDb;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks a short history of two nodes on a CouchDB, with faults of Redis and of both links. */
class CouchDbHistoryIT {

  private static final Duration FAULT = Duration.ofMillis(800);
  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final Duration UNKNOWN_LIFE = Duration.ofSeconds(30);

  /** If Redis was unreachable for the writer, another node's relay may have to take over first. */
  private static final Duration HANDOVER = Duration.ofSeconds(1);

  private static final Workload.Plan PLAN = new Workload.Plan(16, 300, 8, 200, 1);

  private final KillableServers servers = new KillableServers();
  private final CouchDbTestStore store = new CouchDbTestStore(TestCouchDb.shared());
  private final TcpProxy redis = new TcpProxy(servers.redis().uri());
  private final TcpProxy couchDb = new TcpProxy(TestCouchDb.shared());
  private final Vertx clients = Vertx.vertx();
  private final Recorder recorder = new Recorder();
  private List<RunningService> nodes = List.of();

  @AfterEach
  void close() {
    clients.close().await();
    nodes.forEach(RunningService::stop);
    store.close();
    redis.close();
    couchDb.close();
    servers.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noReadIsStaleAndNoWriteIsLostWhateverFails(boolean near) {
    Map<String, String> settings =
        Map.of(
            "CANVAS_COUCHDB_URI",
            store.uri(couchDb.uri()),
            "CANVAS_COUCHDB_TIMEOUT",
            "250ms",
            "CANVAS_COUCHDB_WRITE_TIMEOUT",
            "1s",
            "CANVAS_CACHE_NEAR_ENABLED",
            Boolean.toString(near));
    nodes =
        List.of(
            new RunningService(store, redis.uri(), settings),
            new RunningService(store, redis.uri(), settings));
    List<Channel> channels =
        Stream.<IntFunction<Channel>>of(
                node ->
                    new DocumentsChannel(node, new HttpCalls(clients, nodes.get(node)::httpPort)),
                node -> new ImagesChannel(node, new HttpCalls(clients, nodes.get(node)::httpPort)),
                node ->
                    new BusChannel(
                        node,
                        new BusMediaService(nodes.get(node).vertx(), new SimpleMeterRegistry()),
                        true))
            .flatMap(kind -> IntStream.range(0, 2).mapToObj(kind))
            .toList();
    Nemesis nemesis = new Nemesis(recorder, channels, line -> {});
    Workload workload = new Workload(clients, recorder, channels, PLAN);
    workload.start();
    for (Fault fault : faults()) {
      nemesis.pause(BETWEEN);
      nemesis.inject(List.of(fault), FAULT);
    }
    workload.stop().await();
    List<Operation> history = recorder.operations();
    assertEquals(List.of(), new Checker(UNKNOWN_LIFE, HANDOVER).check(history));
    assertEquals(List.of(), nemesis.unrecovered());
    long done = history.stream().filter(each -> each.outcome() == Outcome.OK).count();
    assertTrue(done > 1_000, () -> "too few successful operations, of " + history.size());
  }

  private List<Fault> faults() {
    Stream<Fault> ofRedis =
        Stream.of(
                "redis-killed",
                "redis-frozen",
                "redis-flushed",
                "redis-evicting",
                "redis-old-snapshot")
            .map(name -> Faults.of(servers, name));
    Stream<Fault> ofLinks =
        Stream.of(
            Fault.of("redis-link-stalled", Victim.REDIS, redis::stall, redis::mend),
            new Fault("redis-link-cut", Victim.REDIS, redis::refuse, redis::cut, redis::mend),
            Fault.of("couchdb-link-stalled", Victim.POSTGRES, couchDb::stall, couchDb::mend),
            Fault.of(
                "couchdb-link-slow",
                Victim.POSTGRES,
                () -> couchDb.delay(Duration.ofMillis(60)),
                couchDb::mend),
            new Fault(
                "couchdb-link-cut", Victim.POSTGRES, couchDb::refuse, couchDb::cut, couchDb::mend));
    return Stream.concat(ofRedis, ofLinks).toList();
  }
}
