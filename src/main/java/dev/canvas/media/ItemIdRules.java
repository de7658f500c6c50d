package dev.canvas.media;

import java.time.Duration;

/**
 * The numbers by which item ids are assigned, so that a product never gets an id that it has or has
 * had, even while imports bring ids of their own (docs/adr/0019).
 *
 * <p>A process reserves ids from the store in blocks. It assigns ids of a block for a short time
 * only, and only to products that it read before it checked that time. An import that brings an id
 * first moves the start of all later blocks beyond that id, and then waits until no process assigns
 * ids of an earlier block any more. Only then does it commit. A process that reads the imported
 * product therefore assigns ids of a later block; a process that read the product before cannot
 * commit, because the version has changed.
 */
public final class ItemIdRules {

  /** The lowest id that the service assigns; lower ones occur only in samples and imports. */
  public static final long FIRST = 1_000;

  /** The number of ids in a block. */
  public static final int BLOCK = 1_000;

  /**
   * The ids that stay free above an imported one, so that few of the imports that follow have to
   * wait.
   */
  public static final long ROOM = 10_000_000;

  /** How long a process assigns ids of a block, counted from before it reserved the block. */
  public static final Duration LIFETIME = Duration.ofMillis(500);

  /**
   * After this time no process assigns ids of a block, with a margin for differences between
   * clocks.
   */
  public static final Duration SETTLED = LIFETIME.plusMillis(50);

  private ItemIdRules() {}

  /**
   * Where blocks have to begin after an import of this id: above it, with {@link #ROOM} in between.
   */
  public static long beyond(long itemId) {
    return (itemId / BLOCK + 1) * BLOCK + ROOM;
  }
}
