package dev.canvas.media;

/**
 * Which tiers of the data side are within reach. Immutable.
 *
 * @param cache whether Redis answers
 * @param store whether the store answers
 */
public record Tiers(boolean cache, boolean store) {

  /** Whether some products at least can be read. */
  public boolean canRead() {
    return cache || store;
  }
}
