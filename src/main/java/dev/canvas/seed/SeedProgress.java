package dev.canvas.seed;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * How far a run is. Immutable.
 *
 * @param run its number; 0 where there was none yet
 * @param phase what it does now
 * @param loaded products so far
 * @param total products there are to be; -1 where nobody knows
 * @param share done, from 0 to 1; -1 where nobody knows
 * @param rejected parts of the source that are no products
 * @param bytes of the item arrays so far
 * @param perSecond products a second of late; in the mean of this process, once it is done
 * @param elapsedMs since this process has begun, or gone on with, the run
 * @param detail what went wrong; empty where nothing did
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

  /** What a run does. */
  public enum Phase {
    /** There was no run yet. */
    IDLE,
    /** Products go in. */
    LOADING,
    /** The key is built, and the table looked at. */
    INDEXING,
    /** The catalogue is swapped, or the caches are told. */
    SWITCHING,
    /** All are in, and nobody reads anything older. */
    DONE,
    /** It broke; it can go on. */
    FAILED,
    /** It was asked to end; it can go on. */
    CANCELLED,
    /** The process that loaded is gone; it can go on. */
    INTERRUPTED;

    /** Whether nothing more comes. */
    public boolean isOver() {
      return switch (this) {
        case DONE, FAILED, CANCELLED, INTERRUPTED -> true;
        default -> false;
      };
    }
  }

  /** As it is on the event bus and on the management port. */
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

  /** Reads what {@link #toJson} wrote. */
  public static SeedProgress of(JsonObject json) {
    return new SeedProgress(
        json.getLong("run"),
        Phase.valueOf(json.getString("phase").toUpperCase(Locale.ROOT)),
        json.getLong("loaded"),
        json.getLong("total", -1L),
        json.getDouble("share", -1.0),
        json.getLong("rejected"),
        json.getLong("bytes"),
        json.getLong("per_second"),
        json.getLong("elapsed_ms"),
        json.getString("detail", ""));
  }

  /** How long the loading goes on, about; -1 where nobody knows. */
  public long etaMs() {
    return phase == Phase.LOADING && total >= 0 && perSecond > 0
        ? Math.max(0, total - loaded) * 1_000 / perSecond
        : -1;
  }
}
