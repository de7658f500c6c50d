package dev.canvas.media;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
   * The items of all slots in place of others, pictures first. An item whose URL is there already
   * is that item.
   */
  List<MediaItem> replacing(List<MediaItem> items, LongSupplier itemIds) {
    List<MediaItem> replaced = items();
    Leaving leaving = new Leaving(items);
    replaced.replaceAll(
        item -> {
          MediaItem there = leaving.take(item.type(), item.url());
          return there == null ? item.withId(itemIds.getAsLong()) : there;
        });
    return replaced;
  }

  /**
   * The items with those in the given slots changed. Slot n holds the n-th item of its type. Where
   * a slot gets the URL of an item whose own slot is changed too, that item goes there as it is.
   * Any other URL is a new file of the item in the slot, or a new item if that has gone elsewhere.
   * A new item goes after the last one of its type, or to the end if there is none.
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
    List<MediaItem> ofType = items.stream().filter(item -> item.type() == type).toList();
    Map<Integer, MediaItem> moved = moved(ofType, type);
    Set<MediaItem> gone = Collections.newSetFromMap(new IdentityHashMap<>());
    gone.addAll(moved.values());
    List<MediaItem> changed = new ArrayList<>();
    int slot = 0;
    int end = -1;
    for (MediaItem item : items) {
      String url = item.type() == type ? slots(type).get(++slot) : null;
      if (url == null || url.equals(item.url())) {
        changed.add(item);
      } else if (moved.containsKey(slot)) {
        changed.add(moved.get(slot));
      } else if (!url.isEmpty()) {
        changed.add(
            gone.contains(item)
                ? MediaItem.file(type, url).withId(itemIds.getAsLong())
                : item.withFile(url));
      }
      end = item.type() == type ? changed.size() : end;
    }
    List<MediaItem> added = added(type, ofType.size(), moved, itemIds, faults);
    changed.addAll(end < 0 ? changed.size() : end, added);
    return changed;
  }

  /** The items that go to another slot, by that slot. */
  private Map<Integer, MediaItem> moved(List<MediaItem> items, MediaItem.Type type) {
    Map<Integer, String> changes = new TreeMap<>(slots(type));
    List<MediaItem> left = new ArrayList<>();
    for (int slot = 1; slot <= items.size(); slot++) {
      MediaItem item = items.get(slot - 1);
      String url = changes.get(slot);
      if (url != null && url.equals(item.url())) {
        changes.remove(slot);
      } else if (url != null) {
        left.add(item);
      }
    }
    Leaving leaving = new Leaving(left);
    Map<Integer, MediaItem> moved = new HashMap<>();
    changes.forEach(
        (slot, url) -> {
          MediaItem item = leaving.take(type, url);
          if (item != null) {
            moved.put(slot, item);
          }
        });
    return moved;
  }

  /** Items that leave their slots. Each can be taken once. */
  private static final class Leaving {

    private final List<MediaItem> items;

    Leaving(List<MediaItem> items) {
      this.items = new ArrayList<>(items);
    }

    /** The first item that has this URL, or null. */
    MediaItem take(MediaItem.Type type, String url) {
      for (Iterator<MediaItem> each = items.iterator(); each.hasNext(); ) {
        MediaItem item = each.next();
        if (item.type() == type && url.equals(item.url())) {
          each.remove();
          return item;
        }
      }
      return null;
    }
  }

  /** The items of the slots after those in use, which must follow each other without a gap. */
  private List<MediaItem> added(
      MediaItem.Type type,
      int used,
      Map<Integer, MediaItem> moved,
      LongSupplier itemIds,
      Faults faults) {
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
                added.add(
                    moved.containsKey(slot)
                        ? moved.get(slot)
                        : MediaItem.file(type, url).withId(itemIds.getAsLong()));
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
