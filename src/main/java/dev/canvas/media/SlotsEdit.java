package dev.canvas.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The first service's places of pictures and videos. Immutable.
 *
 * @param images URLs by place, from 1; an empty one removes
 * @param videos URLs by place, from 1; an empty one removes
 */
record SlotsEdit(Map<Integer, String> images, Map<Integer, String> videos) {

  /** All of them, pictures first, without ids. */
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
   * The items with those changed that are named: place n is the n-th of a type. What is new follows
   * the last of its type, or all, if there is none of its type.
   */
  List<MediaItem> appliedTo(List<MediaItem> items, LongSupplier itemIds) {
    Faults faults = new Faults();
    List<MediaItem> changed = items;
    for (MediaItem.Type type : MediaItem.Type.values()) {
      changed = appliedTo(changed, type, itemIds, faults);
    }
    ItemsEdit.checkNumber(changed.size(), faults);
    faults.refuse();
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

  /** What goes into the places behind the last that is taken, one after the other. */
  private List<MediaItem> added(
      MediaItem.Type type, int taken, LongSupplier itemIds, Faults faults) {
    List<MediaItem> added = new ArrayList<>();
    new TreeMap<>(slots(type))
        .tailMap(taken, false)
        .forEach(
            (place, url) -> {
              if (url.isEmpty()) {
                return;
              }
              int next = taken + added.size() + 1;
              if (place == next) {
                added.add(MediaItem.file(type, url).withId(itemIds.getAsLong()));
              } else {
                faults.add("/" + prefix(type) + place, "expected the next place to be %d", next);
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
