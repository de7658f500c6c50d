package dev.canvas.media;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Computes what the items of a product become. Every method returns a new list. Immutable.
 *
 * @param items the items before the change
 */
record ItemsEdit(List<MediaItem> items) {

  /**
   * Other items in place of all. Those with an id keep the attributes of that item that this
   * release does not know; those without get one.
   *
   * @throws ProblemException {@link Problem#INVALID_MEDIA} if an id does not exist or occurs twice
   */
  List<MediaItem> replacedBy(List<MediaItem> others, LongSupplier itemIds) {
    // A repeated request brings no ids for items that got theirs the first time: nothing changes.
    if (areSameApartFromMissingIds(others)) {
      return items;
    }
    Map<Long, Map<String, String>> existing = new HashMap<>();
    items.forEach(item -> existing.put(item.id(), item.unknown()));
    return withIds(replaced(existing, others), itemIds);
  }

  /** Other items in place of all, with ids that need not exist yet. Those without an id get one. */
  List<MediaItem> importing(List<MediaItem> others, LongSupplier itemIds) {
    return areSameApartFromMissingIds(others) ? items : withIds(others, itemIds);
  }

  private static List<MediaItem> withIds(List<MediaItem> others, LongSupplier itemIds) {
    if (others.stream().noneMatch(item -> item.id() == MediaItem.NEW)) {
      return others;
    }
    List<MediaItem> all = new ArrayList<>(others.size());
    for (MediaItem item : others) {
      all.add(item.id() == MediaItem.NEW ? item.withId(itemIds.getAsLong()) : item);
    }
    return all;
  }

  /**
   * The index at which an item can be added.
   *
   * @param position 0-based, or empty for the end
   * @throws ProblemException {@link Problem#INVALID_MEDIA} if it is beyond the end, or the product
   *     is full
   */
  int checkedIndex(OptionalInt position) {
    Faults faults = new Faults();
    if (position.orElse(0) > items.size()) {
      faults.add("", "expected a position from 0 to %d, the number of items", items.size());
    }
    checkSize(items.size() + 1, faults);
    faults.throwIfAny();
    return position.orElse(items.size());
  }

  List<MediaItem> withAdded(int index, MediaItem item) {
    List<MediaItem> more = new ArrayList<>(items);
    more.add(index, item);
    return more;
  }

  List<MediaItem> withUpdated(long itemId, UnaryOperator<MediaItem> update) {
    List<MediaItem> updated = new ArrayList<>(items);
    int index = indexOf(itemId);
    updated.set(index, update.apply(items.get(index)));
    return updated;
  }

  List<MediaItem> without(long itemId) {
    List<MediaItem> fewer = new ArrayList<>(items);
    fewer.remove(indexOf(itemId));
    return fewer;
  }

  /**
   * The same items in another order.
   *
   * @throws ProblemException {@link Problem#ORDER_MISMATCH} with the ids that are missing, unknown
   *     and repeated
   */
  List<MediaItem> ordered(List<Long> order) {
    Map<Long, MediaItem> byId = new HashMap<>();
    items.forEach(item -> byId.put(item.id(), item));
    Set<Long> missing = new LinkedHashSet<>(items.stream().map(MediaItem::id).toList());
    Set<Long> unknown = new LinkedHashSet<>();
    Set<Long> repeated = new LinkedHashSet<>();
    for (long id : order) {
      if (!byId.containsKey(id)) {
        unknown.add(id);
      } else if (!missing.remove(id)) {
        repeated.add(id);
      }
    }
    if (!(missing.isEmpty() && unknown.isEmpty() && repeated.isEmpty())) {
      throw Problem.ORDER_MISMATCH
          .because("The order must list each of the product's %d items exactly once", items.size())
          .with("missing", new JsonArray(List.copyOf(missing)))
          .with("unknown", new JsonArray(List.copyOf(unknown)))
          .with("repeated", new JsonArray(List.copyOf(repeated)));
    }
    return order.stream().map(byId::get).toList();
  }

  /** Records a fault if a product would get more items than it may have. */
  static void checkSize(int size, Faults faults) {
    if (size > MediaRules.MAX_ITEMS) {
      faults.add("", "expected at most %d items, not %d", MediaRules.MAX_ITEMS, size);
    }
  }

  private boolean areSameApartFromMissingIds(List<MediaItem> others) {
    if (items.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < items.size(); i++) {
      MediaItem other = others.get(i);
      long id = other.id() == MediaItem.NEW ? items.get(i).id() : other.id();
      if (!items.get(i).understood().equals(other.withId(id))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Items in place of all, with what those of the same id have and this release does not know.
   *
   * @param existing those attributes of the items before, by id
   * @throws ProblemException {@link Problem#INVALID_MEDIA} if an id does not exist or occurs twice
   */
  static List<MediaItem> replaced(Map<Long, Map<String, String>> existing, List<MediaItem> others) {
    checkIds(existing.keySet(), others);
    if (existing.values().stream().allMatch(Map::isEmpty)) {
      return others;
    }
    return others.stream()
        .map(item -> item.withOthers(existing.getOrDefault(item.id(), Map.of())))
        .toList();
  }

  private static void checkIds(Set<Long> existing, List<MediaItem> others) {
    Set<Long> seen = new HashSet<>();
    Faults faults = new Faults();
    for (int i = 0; i < others.size(); i++) {
      long id = others.get(i).id();
      if (id == MediaItem.NEW) {
        continue;
      }
      if (!existing.contains(id)) {
        faults.add("/media/" + i + "/id", "expected the id of an existing item, or no id");
      } else if (!seen.add(id)) {
        faults.add("/media/" + i + "/id", "expected each id once");
      }
    }
    faults.throwIfAny();
  }

  private int indexOf(long itemId) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).id() == itemId) {
        return i;
      }
    }
    throw Problem.ITEM_NOT_FOUND.because("The product has no item %d", itemId);
  }
}
