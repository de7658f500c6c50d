package dev.canvas.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Applies a write in the form of the first service, in which pictures and videos have numbered
 * slots. Immutable.
 *
 * @param images URLs by slot, from 1; an empty one removes the item
 * @param videos URLs by slot, from 1; an empty one removes the item
 */
record SlotsEdit(Map<Integer, String> images, Map<Integer, String> videos) {

  /** The items of all slots, pictures first, without ids. */
  List<MediaItem> items() {
    List<MediaItem> items = new ArrayList<>();
    for (MediaItem.Type type : MediaItem.Type.values()) {
      new TreeMap<>(slots(type))
          .values().stream()
              .filter(url -> !url.isEmpty())
              .forEach(url -> items.add(MediaItem.file(type, url)));
    }
    return items;
  }

  /**
   * The items with those in the given slots changed. Slot n holds the n-th item of its type. A new
   * item goes after the last one of its type, or to the end if there is none.
   *
   * @throws ProblemException {@link Problem#INVALID_MEDIA} if a slot after the next free one is
   *     filled, or the product gets too many items
   */
  List<MediaItem> appliedTo(List<MediaItem> items, LongSupplier itemIds) {
    Faults faults = new Faults();
    List<MediaItem> changed = items;
    for (MediaItem.Type type : MediaItem.Type.values()) {
      changed = appliedTo(changed, type, itemIds, faults);
    }
    ItemsEdit.checkSize(changed.size(), faults);
    faults.throwIfAny();
    return changed;
  }

  private List<MediaItem> appliedTo(
      List<MediaItem> items, MediaItem.Type type, LongSupplier itemIds, Faults faults) {
    List<MediaItem> changed = new ArrayList<>();
    int count = 0;
    int end = -1;
    for (MediaItem item : items) {
      String url = item.type() == type ? slots(type).get(++count) : null;
      if (url == null || url.equals(item.url())) {
        changed.add(item);
      } else if (!url.isEmpty()) {
        changed.add(item.withFile(url));
      }
      end = item.type() == type ? changed.size() : end;
    }
    List<MediaItem> added = added(type, count, itemIds, faults);
    changed.addAll(end < 0 ? changed.size() : end, added);
    return changed;
  }

  /** The items of the slots after those in use, which must follow each other without a gap. */
  private List<MediaItem> added(
      MediaItem.Type type, int used, LongSupplier itemIds, Faults faults) {
    List<MediaItem> added = new ArrayList<>();
    new TreeMap<>(slots(type))
        .tailMap(used, false)
        .forEach(
            (slot, url) -> {
              if (url.isEmpty()) {
                return;
              }
              int next = used + added.size() + 1;
              if (slot == next) {
                added.add(MediaItem.file(type, url).withId(itemIds.getAsLong()));
              } else {
                faults.add(
                    "/" + prefix(type) + slot,
                    "expected %s%d, the next free slot",
                    prefix(type),
                    next);
              }
            });
    return added;
  }

  private Map<Integer, String> slots(MediaItem.Type type) {
    return type == MediaItem.Type.IMAGE ? images : videos;
  }

  private static String prefix(MediaItem.Type type) {
    return type == MediaItem.Type.IMAGE ? "img" : "vid";
  }
}
