package dev.canvas.data.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TickBatcherTest {

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final List<List<Integer>> calls = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void keysOfOneTickAreOneCallWithEachKeyOnce() throws Exception {
    assertEquals(List.of("1", "2", "1"), loadInOneTick(10, this::texts, 1, 2, 1));
    assertEquals(List.of(List.of(1, 2)), calls);
  }

  @Test
  void keysOfALaterTickAreAnotherCall() throws Exception {
    TickBatcher<Integer, String> batcher =
        new TickBatcher<>(context, 10, this::texts, (key, text) -> 0);
    assertEquals(List.of("1"), load(batcher, 1));
    assertEquals(List.of("1"), load(batcher, 1));
    assertEquals(List.of(List.of(1), List.of(1)), calls);
  }

  @Test
  void aCallHasAtMostTheLimitOfKeys() throws Exception {
    Integer[] keys = IntStream.range(0, 25).boxed().toArray(Integer[]::new);
    loadInOneTick(10, this::texts, keys);
    assertEquals(List.of(10, 10, 5), calls.stream().map(List::size).toList());
  }

  @Test
  void aCallHasFewerKeysWhereTheAnswersAreLarge() throws Exception {
    TickBatcher<Integer, String> batcher =
        new TickBatcher<>(context, 100, this::texts, (key, text) -> 200_000);
    Integer[] keys = IntStream.range(0, 100).boxed().toArray(Integer[]::new);
    for (int i = 0; i < 5; i++) {
      load(batcher, keys);
    }
    calls.clear();
    load(batcher, keys);
    assertTrue(calls.stream().allMatch(call -> call.size() <= 10), calls.toString());
    assertEquals(100, calls.stream().mapToInt(List::size).sum());
  }

  @Test
  void aCallThatFailsOrThrowsFailsAllItsKeys() throws Exception {
    TickBatcher<Integer, String> failing =
        new TickBatcher<>(context, 10, keys -> Future.failedFuture("away"), (key, text) -> 0);
    TickBatcher<Integer, String> throwing =
        new TickBatcher<>(
            context,
            10,
            keys -> {
              throw new IllegalStateException("broken");
            },
            (key, text) -> 0);
    assertTrue(settled(failing, 1, 2).stream().allMatch(Future::failed));
    assertTrue(settled(throwing, 1, 2).stream().allMatch(Future::failed));
  }

  private Future<List<String>> texts(List<Integer> keys) {
    calls.add(keys);
    return Future.succeededFuture(keys.stream().map(String::valueOf).toList());
  }

  private List<String> loadInOneTick(
      int limit, Function<List<Integer>, Future<List<String>>> call, Integer... keys)
      throws Exception {
    return load(new TickBatcher<>(context, limit, call, (key, text) -> 0), keys);
  }

  private List<String> load(TickBatcher<Integer, String> batcher, Integer... keys)
      throws Exception {
    return settled(batcher, keys).stream().map(Future::result).toList();
  }

  private List<Future<String>> settled(TickBatcher<Integer, String> batcher, Integer... keys)
      throws Exception {
    Promise<List<Future<String>>> answers = Promise.promise();
    context.runOnContext(
        tick -> {
          List<Future<String>> requested = new ArrayList<>();
          for (Integer key : keys) {
            requested.add(batcher.load(key));
          }
          Future.join(requested).onComplete(done -> answers.complete(requested));
        });
    return answers.future().await(10, TimeUnit.SECONDS);
  }
}
