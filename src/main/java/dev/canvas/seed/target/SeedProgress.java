package dev.canvas.seed.target;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * Reports how far a run is, or how it ended. Immutable.
 *
 * @param run the number of the run; 0 if there was none yet
 * @param phase what the run is doing now
 * @param loaded products loaded so far
 * @param total products to load; -1 if unknown
 * @param share the fraction completed, from 0 to 1; -1 if unknown
 * @param rejected invalid records so far
 * @param bytes of the item arrays so far
 * @param perSecond products a second: the recent rate, or the mean of this process once it is done
 * @param elapsedMs milliseconds since this process began or resumed the run
 * @param detail why the run stopped early, or what a finished one left out; empty otherwise
 */
public record SeedProgress(
    long run,
    Phase phase,
    long loaded,
    long total,
    double share,
    long rejected,
    long bytes,
    long perSecond,
    long elapsedMs,
    String detail) {

  /** The phases and the outcomes of a run. */
  public enum Phase {
    /** There was no run yet. */
    IDLE,
    /** Products are being loaded. */
    LOADING,
    /** The indexes of the new table are being built, and its statistics gathered. */
    INDEXING,
    /** The new catalogue is being published to all caches. */
    SWITCHING,
    /** All products are loaded, and no reader gets anything older. */
    DONE,
    /** The run failed; it can be resumed. */
    FAILED,
    /** The run was cancelled; it can be resumed. */
    CANCELLED,
    /** The process that ran the load has ended; the run can be resumed. */
    INTERRUPTED;

    /** Whether the run has stopped, for whatever reason. */
    public boolean isOver() {
      return switch (this) {
        case DONE, FAILED, CANCELLED, INTERRUPTED -> true;
        default -> false;
      };
    }
  }

  /** The progress as the event bus and the management port report it. */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("run", run)
            .put("phase", phase.name().toLowerCase(Locale.ROOT))
            .put("loaded", loaded);
    if (total >= 0) {
      json.put("total", total);
    }
    if (share >= 0) {
      json.put("share", Math.round(share * 10_000) / 10_000.0);
    }
    json.put("rejected", rejected)
        .put("bytes", bytes)
        .put("per_second", perSecond)
        .put("elapsed_ms", elapsedMs);
    if (etaMs() >= 0) {
      json.put("eta_ms", etaMs());
    }
    if (!detail.isEmpty()) {
      json.put("detail", detail);
    }
    return json;
  }

  /** The estimated time left to load, in milliseconds; -1 if unknown. */
  public long etaMs() {
    return phase == Phase.LOADING && total >= 0 && perSecond > 0
        ? Math.max(0, total - loaded) * 1_000 / perSecond
        : -1;
  }
}
