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
 * What becomes of a product's items. Immutable.
 *
 * @param items those that there are
 */
record ItemsEdit(List<MediaItem> items) {

  /** Other items in place of all; those without an id are given one. */
  List<MediaItem> replacedBy(List<MediaItem> others, LongSupplier itemIds) {
    // Asked again, a request whose items were given ids has none for them: it says the same.
    if (saysTheSameAs(others)) {
      return items;
    }
    checkIds(others);
    return withIds(others, itemIds);
  }

  /** The same with ids that need not be known here. */
  List<MediaItem> importing(List<MediaItem> others, LongSupplier itemIds) {
    return saysTheSameAs(others) ? items : withIds(others, itemIds);
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
   * Where one item more goes.
   *
   * @param position 0-based, or empty for the end
   */
  int checkedPlace(OptionalInt position) {
    Faults faults = new Faults();
    if (position.orElse(0) > items.size()) {
      faults.add("", "expected a position from 0 to %d, the number of items", items.size());
    }
    checkNumber(items.size() + 1, faults);
    faults.refuse();
    return position.orElse(items.size());
  }

  List<MediaItem> withAdded(int place, MediaItem item) {
    List<MediaItem> more = new ArrayList<>(items);
    more.add(place, item);
    return more;
  }

  List<MediaItem> withChanged(long itemId, UnaryOperator<MediaItem> change) {
    List<MediaItem> changed = new ArrayList<>(items);
    int place = place(itemId);
    changed.set(place, change.apply(items.get(place)));
    return changed;
  }

  List<MediaItem> without(long itemId) {
    List<MediaItem> fewer = new ArrayList<>(items);
    fewer.remove(place(itemId));
    return fewer;
  }

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
          .because("The order has to name each of the product's %d items once", items.size())
          .with("missing", new JsonArray(List.copyOf(missing)))
          .with("unknown", new JsonArray(List.copyOf(unknown)))
          .with("repeated", new JsonArray(List.copyOf(repeated)));
    }
    return order.stream().map(byId::get).toList();
  }

  /** Notes too many items. */
  static void checkNumber(int number, Faults faults) {
    if (number > MediaRules.MAX_ITEMS) {
      faults.add("", "expected at most %d items, not %d", MediaRules.MAX_ITEMS, number);
    }
  }

  private boolean saysTheSameAs(List<MediaItem> others) {
    if (items.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < items.size(); i++) {
      MediaItem other = others.get(i);
      long id = other.id() == MediaItem.NEW ? items.get(i).id() : other.id();
      if (!items.get(i).equals(other.withId(id))) {
        return false;
      }
    }
    return true;
  }

  private void checkIds(List<MediaItem> others) {
    Set<Long> known = new HashSet<>();
    items.forEach(item -> known.add(item.id()));
    Set<Long> named = new HashSet<>();
    Faults faults = new Faults();
    for (int i = 0; i < others.size(); i++) {
      long id = others.get(i).id();
      if (id == MediaItem.NEW) {
        continue;
      }
      if (!known.contains(id)) {
        faults.add("/media/" + i + "/id", "expected the id of an item that is there, or none");
      } else if (!named.add(id)) {
        faults.add("/media/" + i + "/id", "expected each id once");
      }
    }
    faults.refuse();
  }

  private int place(long itemId) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).id() == itemId) {
        return i;
      }
    }
    throw Problem.ITEM_NOT_FOUND.because("The product has no item %d", itemId);
  }
}
