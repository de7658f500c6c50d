package dev.canvas.data.connection;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Combines the requests of one event-loop tick into one call. Equal keys in one tick are requested
 * once. A single key waits only until the end of its tick.
 *
 * <p>Belongs to one event loop.
 *
 * @param <K> what is requested
 * @param <V> the answer to one key
 */
public final class TickBatcher<K, V> {

  private final Context context;
  private final int limit;
  private final Function<List<K>, Future<List<V>>> call;
  private Map<K, Promise<V>> pending = new LinkedHashMap<>();

  /**
   * @param limit the most keys in one call
   * @param call returns the answers in the order of the keys
   */
  public TickBatcher(Context context, int limit, Function<List<K>, Future<List<V>>> call) {
    this.context = context;
    this.limit = limit;
    this.call = call;
  }

  /** Requests one key in this tick's call; fails as the call does. */
  public Future<V> load(K key) {
    if (pending.isEmpty()) {
      context.runOnContext(endOfTick -> flush());
    }
    Future<V> answer = pending.computeIfAbsent(key, k -> Promise.promise()).future();
    if (pending.size() == limit) {
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
              for (int i = 0; i < promises.size(); i++) {
                promises.get(i).complete(answers.get(i));
              }
            },
            failure -> promises.forEach(promise -> promise.fail(failure)));
  }
}
