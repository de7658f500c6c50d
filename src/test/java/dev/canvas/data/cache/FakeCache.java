package dev.canvas.data.cache;

import dev.canvas.data.connection.HeldConnection;
import dev.canvas.data.store.CommittedVersion;
import dev.canvas.data.store.Row;
import dev.canvas.media.ProductId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** A cache in memory whose answers can be held, and that can fail or be unreachable. */
public final class FakeCache implements Cache {

  public final Map<ProductId, Entry> entries = new HashMap<>();
  private final Queue<Runnable> held = new ArrayDeque<>();
  private boolean holding;
  public boolean up = true;
  public String keyPrefix = "canvas:run:1";
  public boolean failing;
  public boolean refusing;
  public int refusedFills;
  public final List<CommittedVersion> repaired = new ArrayList<>();

  /** Holds commands from now on. */
  public void hold() {
    holding = true;
  }

  /** Runs the held commands in order, and holds no more. */
  public void release() {
    holding = false;
    while (!held.isEmpty()) {
      held.remove().run();
    }
  }

  private <T> Future<T> answer(java.util.function.Supplier<T> command) {
    Promise<T> promise = Promise.promise();
    // As in Redis, commands run in the order in which they arrive.
    Runnable run =
        () -> {
          if (failing) {
            promise.fail(new HeldConnection.UnavailableException("unreachable", null));
          } else if (refusing) {
            promise.fail(ErrorType.create("NOREPLICAS Not enough good replicas to write."));
          } else {
            promise.complete(command.get());
          }
        };
    if (holding) {
      held.add(run);
    } else {
      run.run();
    }
    return promise.future();
  }

  @Override
  public Future<Void> connect() {
    return Future.succeededFuture();
  }

  @Override
  public boolean isUp() {
    return up;
  }

  @Override
  public Future<Entry> read(ProductId productId) {
    return answer(() -> entries.getOrDefault(productId, Entry.Missing.INSTANCE));
  }

  @Override
  public Future<Entry> lease(ProductId productId, String token) {
    return answer(() -> entries.computeIfAbsent(productId, id -> new Entry.Lease(token)));
  }

  @Override
  public Future<Boolean> fill(Row row, String token) {
    return answer(
        () -> {
          if (new Entry.Lease(token).equals(entries.get(row.productId()))) {
            entries.put(row.productId(), new Entry.Known(row));
            return true;
          }
          refusedFills++;
          return false;
        });
  }

  @Override
  public String keyPrefix() {
    return up ? keyPrefix : null;
  }

  @Override
  public Future<Set<ProductId>> fence(List<ProductId> productIds, String token) {
    return answer(
        () -> {
          Set<ProductId> wanted = new HashSet<>(entries.keySet());
          productIds.forEach(id -> entries.put(id, Entry.Fence.INSTANCE));
          return wanted;
        });
  }

  @Override
  public Future<Void> install(Collection<Installation> installations, String token) {
    return answer(
        () -> {
          for (Installation each : installations) {
            each.written()
                .ifPresentOrElse(
                    row -> entries.put(each.productId(), new Entry.Known(row)),
                    () -> entries.remove(each.productId()));
          }
          return null;
        });
  }

  @Override
  public Future<Void> repair(List<CommittedVersion> changes) {
    return answer(
        () -> {
          repaired.addAll(changes);
          changes.forEach(change -> entries.remove(change.productId()));
          return null;
        });
  }

  @Override
  public void close() {
    up = false;
  }
}
