package dev.canvas.seed.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.ItemIdRules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reserving the item ids that a load brings. */
class LoadedItemIdsTest {

  private final List<Long> raised = new ArrayList<>();
  private final LoadedItemIds ids =
      new LoadedItemIds(
          itemId -> {
            raised.add(itemId);
            return ItemIdRules.beyond(itemId);
          });

  @Test
  void theSequenceIsRaisedOnlyWhenAnIdExceedsIt() throws Exception {
    for (long id : new long[] {1, 999, 1_000, 2_000, ItemIdRules.beyond(1_000) - 1}) {
      ids.add(id);
    }
    ids.add(ItemIdRules.beyond(1_000));
    assertEquals(List.of(1_000L, ItemIdRules.beyond(1_000)), raised);
  }

  @Test
  void awaitSettledWaitsUntilNoNodeAssignsOlderIds() throws Exception {
    long before = System.nanoTime();
    ids.add(5_000);
    ids.awaitSettled();
    assertTrue(System.nanoTime() - before >= ItemIdRules.LIFETIME.toNanos());
  }
}
