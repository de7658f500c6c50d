package dev.canvas.seed.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.target.SeedRequest;
import dev.canvas.seed.target.Target;
import dev.canvas.seed.target.TargetStore;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** Reads the document of the last load, which its holder renews every second while it loads. */
final class LoadDocument {

  /** After this time without a renewal, another process may take the load over. */
  static final Duration EXPIRY = Duration.ofSeconds(15);

  private static final long POLL_MS = 250;

  private LoadDocument() {}

  /**
   * Waits until no process renews the document.
   *
   * @return the document; null if there was no load yet
   * @throws ProblemException {@link Problem#SEEDER_BUSY} if its holder is alive
   */
  static JsonObject awaitExpired(BlockingCouchDb couchDb) throws InterruptedException {
    JsonObject found = couchDb.get(CouchDbLayout.LOAD);
    long deadline = System.nanoTime() + EXPIRY.toNanos();
    while (found != null && isLoading(found) && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MS);
      JsonObject now = couchDb.get(CouchDbLayout.LOAD);
      if (now != null && isLoading(now) && !now.getString("_rev").equals(found.getString("_rev"))) {
        throw busy(now);
      }
      found = now;
    }
    return found;
  }

  /** Converts the document. */
  static TargetStore.LastRun lastRun(JsonObject document) {
    long sinceBeatMs = Math.abs(System.currentTimeMillis() - document.getLong("beat_at"));
    return new TargetStore.LastRun(
        document.getLong("run"),
        SeedRequest.of(document.getJsonObject("request")),
        document.getString("state"),
        document.getInteger("streams"),
        document.getLong("total"),
        new Target.Tally(
            document.getLong("loaded"), document.getLong("rejected"), document.getLong("bytes")),
        document.getLong("elapsed_ms"),
        isLoading(document) && sinceBeatMs < EXPIRY.toMillis());
  }

  static ProblemException busy(JsonObject document) {
    return TargetStore.busy(document == null ? null : document.getString("who"));
  }

  private static boolean isLoading(JsonObject document) {
    return "loading".equals(document.getString("state"));
  }
}
