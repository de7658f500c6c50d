package dev.canvas.seed;

/**
 * What came of some chunks. Immutable.
 *
 * @param loaded products that were handed to the store
 * @param rejected what was no product
 * @param bytes of the item arrays
 */
public record Tally(long loaded, long rejected, long bytes) {

  public static final Tally NONE = new Tally(0, 0, 0);

  public Tally plus(Tally other) {
    return new Tally(loaded + other.loaded, rejected + other.rejected, bytes + other.bytes);
  }
}
