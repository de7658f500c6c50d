package dev.canvas.seed.couchdb;

import dev.canvas.couchdb.CouchDbLayout;
import dev.canvas.media.Problem;
import dev.canvas.media.ProblemException;
import dev.canvas.seed.SeedRequest;
import dev.canvas.seed.Tally;
import dev.canvas.seed.postgres.RunLog;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** What the document of the last load says to others than whoever writes it. */
final class CouchDbLastLoad {

  /** How long it stands still before another may take the load over. */
  static final Duration STILL = Duration.ofSeconds(15);

  private static final long LOOK_MS = 250;

  private CouchDbLastLoad() {}

  /**
   * The document, once nobody works on it; null where there was none.
   *
   * @throws ProblemException {@link Problem#SEEDER_BUSY}
   */
  static JsonObject settled(CouchDbRequests requests) throws InterruptedException {
    JsonObject found = requests.get(CouchDbLayout.LOAD);
    long until = System.nanoTime() + STILL.toNanos();
    while (found != null && isLoading(found) && System.nanoTime() < until) {
      Thread.sleep(LOOK_MS);
      JsonObject now = requests.get(CouchDbLayout.LOAD);
      if (now != null && isLoading(now) && !now.getString("_rev").equals(found.getString("_rev"))) {
        throw busy(now);
      }
      found = now;
    }
    return found;
  }

  /** What a load's document says. */
  static RunLog.Entry entry(JsonObject document) {
    long sinceBeat = Math.abs(System.currentTimeMillis() - document.getLong("beat_at"));
    return new RunLog.Entry(
        document.getLong("run"),
        SeedRequest.of(document.getJsonObject("request")),
        document.getString("state"),
        document.getInteger("streams"),
        document.getLong("total"),
        new Tally(
            document.getLong("loaded"), document.getLong("rejected"), document.getLong("bytes")),
        document.getLong("elapsed_ms"),
        isLoading(document) && sinceBeat < STILL.toMillis());
  }

  static ProblemException nothingToResume() {
    return Problem.NOTHING_TO_RESUME.because(
        "There is no load that was interrupted: the last one ended, or there was none");
  }

  static ProblemException busy(JsonObject other) {
    return Problem.SEEDER_BUSY.because(
        "Another seeder loads this store: %s. Wait for it, or end it",
        other == null ? "it has just ended; try again" : other.getString("who"));
  }

  private static boolean isLoading(JsonObject document) {
    return "loading".equals(document.getString("state"));
  }
}
