package dev.canvas.data.connection;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;

/**
 * Combines the requests of one event-loop tick into one call. Equal keys in one tick are requested
 * once. A single key waits only until the end of its tick.
 *
 * <p>A call that carries too many bytes could not be answered before its deadline, and a healthy
 * server would be taken for dead. So a call has fewer keys, the larger the products were lately:
 * some {@value #CALL_BYTES} bytes are expected. The server answers several calls one after another,
 * and each answer shows that it lives.
 *
 * <p>Belongs to one event loop.
 *
 * @param <K> what is requested
 * @param <V> the answer to one key
 */
public final class TickBatcher<K, V> {

  private static final int CALL_BYTES = 1 << 20;

  /** Before anything is known: most products are smaller. */
  private static final int FIRST_BYTES_PER_KEY = 16_384;

  private final Context context;
  private final int maxKeys;
  private final Function<List<K>, Future<List<V>>> call;
  private final ToIntBiFunction<K, V> bytes;

  /** An average over the last calls, in which the latest has a quarter of the weight. */
  private int bytesPerKey = FIRST_BYTES_PER_KEY;

  private Map<K, Promise<V>> pending = new LinkedHashMap<>();

  /**
   * @param maxKeys the most keys in one call, however small they are
   * @param call returns the answers in the order of the keys
   * @param bytes what a key and its answer have
   */
  public TickBatcher(
      Context context,
      int maxKeys,
      Function<List<K>, Future<List<V>>> call,
      ToIntBiFunction<K, V> bytes) {
    this.context = context;
    this.maxKeys = maxKeys;
    this.call = call;
    this.bytes = bytes;
  }

  /** Requests one key in this tick's call; fails as the call does. */
  public Future<V> load(K key) {
    if (pending.isEmpty()) {
      context.runOnContext(endOfTick -> flush());
    }
    Future<V> answer = pending.computeIfAbsent(key, k -> Promise.promise()).future();
    if (pending.size() >= keysPerCall()) {
      flush();
    }
    return answer;
  }

  private void flush() {
    if (pending.isEmpty()) {
      return;
    }
    List<K> keys = List.copyOf(pending.keySet());
    List<Promise<V>> promises = new ArrayList<>(pending.values());
    pending = new LinkedHashMap<>();
    Future.succeededFuture(keys)
        .compose(call)
        .onComplete(
            answers -> {
              weigh(keys, answers);
              for (int i = 0; i < promises.size(); i++) {
                promises.get(i).complete(answers.get(i));
              }
            },
            failure -> promises.forEach(promise -> promise.fail(failure)));
  }

  private int keysPerCall() {
    return Math.min(maxKeys, Math.max(1, CALL_BYTES / bytesPerKey));
  }

  private void weigh(List<K> keys, List<V> answers) {
    long sum = 0;
    for (int i = 0; i < keys.size(); i++) {
      sum += bytes.applyAsInt(keys.get(i), answers.get(i));
    }
    int average = (int) (sum / keys.size());
    bytesPerKey = Math.max(1, bytesPerKey + (average - bytesPerKey) / 4);
  }
}
