package dev.canvas.history;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Checks, once all clients have stopped, that Postgres, Redis and each node agree on every product.
 */
final class ConvergenceCheck {

  private static final Duration QUIET = Duration.ofSeconds(20);
  private static final int CONCURRENT_READS = 64;

  /** The first attempt may use a connection to a node that has been killed since. */
  private static final int ATTEMPTS = 5;

  private static final int HEADER = 17;
  private static final int FIRST_CLIENT = 2_000_000;

  /** The value and version of a product; the version of one without media may not be known. */
  private record State(long value, long version) {

    boolean agreesWith(State other) {
      return value == other.value
          && (version == other.version
              || version == Operation.NO_VERSION
              || other.version == Operation.NO_VERSION);
    }
  }

  private final Cluster stage;
  private final Recorder recorder;
  private final List<Channel> channels;
  private final List<String> disagreements = new ArrayList<>();

  /**
   * @param channels over which the nodes are read
   */
  ConvergenceCheck(Cluster stage, Recorder recorder, List<Channel> channels) {
    this.stage = stage;
    this.recorder = recorder;
    this.channels = channels;
  }

  /** Reads every product of the history twice at each node; returns what differs from Postgres. */
  List<String> check() {
    await("the outbox is empty and no fence is left")
        .atMost(QUIET)
        .until(() -> "0".equals(stage.query("select count(*) from media_outbox")) && !fences());
    Map<Long, State> stored = stored();
    List<Long> products =
        recorder.operations().stream().map(Operation::product).distinct().sorted().toList();
    int client = FIRST_CLIENT;
    for (Channel channel : channels) {
      RecordingClient caller = new RecordingClient(recorder, channel, client++);
      // The first read comes from Redis or Postgres, the second may come from the near cache.
      read(caller, products, stored);
      read(caller, products, stored);
    }
    cached().forEach((product, state) -> compare("Redis", product, state, stored));
    return disagreements;
  }

  private void read(RecordingClient caller, List<Long> products, Map<Long, State> stored) {
    for (int from = 0; from < products.size(); from += CONCURRENT_READS) {
      List<Long> some = products.subList(from, Math.min(from + CONCURRENT_READS, products.size()));
      List<Future<Answer>> answers = some.stream().map(caller::read).toList();
      for (int i = 0; i < some.size(); i++) {
        Answer answer = result(answers.get(i));
        for (int attempt = 1;
            attempt < ATTEMPTS && answer.outcome() != Operation.Outcome.OK;
            attempt++) {
          answer = result(caller.read(some.get(i)));
        }
        String who = "node " + caller.channel().node() + " (" + answer.note() + ")";
        if (answer.outcome() == Operation.Outcome.OK) {
          compare(who, some.get(i), new State(answer.value(), answer.version()), stored);
        } else {
          disagreements.add(who + " does not answer a read of product " + some.get(i));
        }
      }
    }
  }

  private void compare(String who, long product, State state, Map<Long, State> stored) {
    State truth = stored.getOrDefault(product, new State(Operation.ABSENT, Operation.NO_VERSION));
    if (!state.agreesWith(truth)) {
      disagreements.add(who + " has " + state + " of product " + product + ", Postgres " + truth);
    }
  }

  private Map<Long, State> stored() {
    String rows =
        stage.query(
            "select string_agg(product_id || ' ' || version || ' ' || coalesce(media -> 0 ->> 'url', ''), E'\\n')"
                + " from product_media");
    Map<Long, State> stored = new HashMap<>();
    rows.lines()
        .map(row -> row.split(" ", -1))
        .forEach(
            row ->
                stored.put(
                    Long.valueOf(row[0]),
                    new State(
                        row[2].isEmpty() ? Operation.ABSENT : Values.ofUrl(row[2]),
                        Long.parseLong(row[1]))));
    return stored;
  }

  private boolean fences() {
    return entries().values().stream().anyMatch(entry -> entry.startsWith("F"));
  }

  /** The values and absences in Redis. */
  private Map<Long, State> cached() {
    Map<Long, State> cached = new HashMap<>();
    entries()
        .forEach(
            (product, entry) -> {
              char kind = entry.charAt(0);
              if (kind == 'V' || kind == 'A') {
                long value =
                    kind == 'A'
                        ? Operation.ABSENT
                        : Values.ofMedia(
                            new JsonObject(entry.substring(HEADER)).getJsonArray("media"));
                cached.put(product, new State(value, Long.parseLong(entry.substring(1, HEADER))));
              }
            });
    return cached;
  }

  /** The entries in Redis under the keys of its current run and generation. */
  private Map<Long, String> entries() {
    String run =
        stage.servers.redisCommand("INFO server").replaceFirst("(?s).*run_id:(\\w+).*", "$1");
    Redis redis = Redis.createClient(stage.clients, stage.servers.redis().uri());
    Map<Long, String> entries = new HashMap<>();
    String pattern =
        "canvas:%s:%s:m:*".formatted(run, stage.query("select generation from catalogue"));
    Response keys = result(redis.send(Request.cmd(Command.KEYS).arg(pattern)));
    for (Response key : keys) {
      Response entry = result(redis.send(Request.cmd(Command.GET).arg(key.toString())));
      if (entry != null) {
        entries.put(Long.valueOf(key.toString().replaceFirst(".*:", "")), entry.toString());
      }
    }
    redis.close();
    return entries;
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.await(10, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException(late);
    }
  }
}
