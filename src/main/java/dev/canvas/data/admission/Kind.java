package dev.canvas.data.admission;

import java.util.Locale;

/**
 * The kinds of work that are admitted separately, so that none of them starves another. The numbers
 * are per event loop.
 */
public enum Kind {
  /** Reads that ask Redis. A late loop does not refuse them: they cost little. */
  HOT_READ(2_048, 512, 8_192, 8_192, 25, false),
  /** Reads that ask the store. */
  COLD_READ(256, 32, 1_024, 512, 25, true),
  /** Writes, counted by product. They have a queue of their own. */
  WRITE(256, 32, 1_024, 0, 60, true),
  /** Batches of reads of which at least one is not answered from memory. */
  BATCH(32, 4, 256, 128, 50, true),
  /** Pages of the catalogue. */
  PAGE(16, 4, 64, 64, 50, true),
  /** Bulks of imports. They wait for the store, so the limit is wide. */
  BULK(64, 16, 64, 0, 1_000, true);

  private final int initial;
  private final int min;
  private final int max;
  private final int maxWaiting;
  private final int targetMs;
  private final boolean expensive;

  Kind(int initial, int min, int max, int maxWaiting, int targetMs, boolean expensive) {
    this.initial = initial;
    this.min = min;
    this.max = max;
    this.maxWaiting = maxWaiting;
    this.targetMs = targetMs;
    this.expensive = expensive;
  }

  /** How much of it is in progress at most, at the start. */
  int initial() {
    return initial;
  }

  /** The lowest limit: enough to learn that the store is well again, and to serve somebody. */
  int min() {
    return min;
  }

  /** The highest limit. */
  int max() {
    return max;
  }

  /** The most that waits in the gate. */
  int maxWaiting() {
    return maxWaiting;
  }

  /** How long it may take, in ms of loop time, before the limit is lowered. */
  int targetMs() {
    return targetMs;
  }

  /** Whether a late loop takes on less of it. */
  boolean isExpensive() {
    return expensive;
  }

  /**
   * What a late loop takes on all the same: about what it can do in a turn. With less it would be
   * no sooner done with the rest, and do less in each second.
   */
  int minOfLateLoop() {
    return initial / 2;
  }

  /** Its name in the metrics, such as {@code cold-read}. */
  String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Its name in messages, such as {@code cold reads}. */
  String plural() {
    return tag().replace('-', ' ') + (this == BATCH ? "es" : "s");
  }
}
