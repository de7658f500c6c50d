package dev.canvas.media;

import java.time.Duration;

/**
 * How item ids are given, so that a product never gets one that it has or has had, although others
 * import ids of any number meanwhile (docs/adr/0019).
 *
 * <p>Ids are taken from the store in blocks. Who has taken a block gives ids of it for a short time
 * only, and only for products that he read before he looks at the clock. Who imports an id has the
 * blocks to come begin behind it first, and then waits until nobody gives any more of the blocks
 * before; only then does he commit it. So whoever reads the imported product gives ids of a block
 * that was taken later, and whoever read it before cannot commit, as its version is another.
 */
public final class ItemIdRules {

  /** The lowest that the service gives; those below are of samples and imports alone. */
  public static final long FIRST = 1_000;

  /** How many ids a block has. */
  public static final int BLOCK = 1_000;

  /** Left free behind an imported id for those to come, so that few of them have to wait. */
  public static final long ROOM = 10_000_000;

  /** How long ids of a block are given, from before it was asked for. */
  public static final Duration GIVEN = Duration.ofMillis(500);

  /** After that nobody gives ids of a block any more, though clocks differ a little. */
  public static final Duration SETTLED = GIVEN.plusMillis(50);

  private ItemIdRules() {}

  /** Where the blocks begin once an imported id is behind them, with room. */
  public static long beyond(long itemId) {
    return (itemId / BLOCK + 1) * BLOCK + ROOM;
  }
}
