package dev.canvas.app;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads products on several nodes all the time while their store goes back to an earlier state. The
 * caches may serve what the store has lost until some reader has been shown the restored state;
 * nobody may be shown anything lost after that.
 */
final class LostReads implements AutoCloseable {

  private static final long PACE_NANOS = 1_000_000;

  private final Map<Long, JsonObject> kept;
  private final Map<Long, JsonObject> lost;
  private final List<Thread> readers = new ArrayList<>();
  private volatile boolean closed;
  private volatile String violation = "";

  /** When the first reader had been shown the restored state. */
  private volatile long restoredNanos;

  private volatile boolean restored;

  /**
   * @param kept the documents of the restored state, by product
   * @param lost the documents that are not in it, by product
   */
  LostReads(List<RunningService> nodes, Map<Long, JsonObject> kept, Map<Long, JsonObject> lost) {
    this.kept = Map.copyOf(kept);
    this.lost = Map.copyOf(lost);
    for (RunningService node : nodes) {
      Thread reader = new Thread(() -> read(node), "reader");
      reader.setDaemon(true);
      reader.start();
      readers.add(reader);
    }
  }

  /** The first read that it should not have been; empty if there is none. */
  String violation() {
    return violation;
  }

  private void read(RunningService node) {
    while (!closed) {
      for (long id : lost.keySet()) {
        long begun = System.nanoTime();
        judge(id, node.get("/api/products/" + id + "/media"), begun);
        LockSupport.parkNanos(PACE_NANOS);
      }
    }
  }

  private synchronized void judge(long id, HttpResponse<String> answer, long begun) {
    JsonObject expected = kept.get(id);
    boolean isRestored =
        expected == null ? answer.statusCode() == 404 : answer.body().equals(expected.encode());
    if (isRestored && !restored) {
      restoredNanos = System.nanoTime();
      restored = true;
    } else if (restored
        && begun - restoredNanos > 0
        && answer.body().equals(lost.get(id).encode())
        && violation.isEmpty()) {
      violation =
          "%s (%s), %d ms after the restored state was seen"
              .formatted(
                  answer.body(),
                  answer.headers().firstValue("Cache-Status").orElse(""),
                  (begun - restoredNanos) / 1_000_000);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread reader : readers) {
      try {
        reader.join();
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }
  }
}
