package dev.canvas.media;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * A write to the media of one product. A change is valid in itself: the readers have refused
 * whatever is wrong regardless of the product. {@link #applyTo} finds out whether it fits the
 * product. Immutable; crosses the event bus.
 */
public sealed interface Change {

  /** The product that is changed. */
  ProductId productId();

  /** The condition on the product's state under which the change is made. */
  Precondition precondition();

  /** The largest number of items that may need a new id. */
  default int newItems() {
    return 0;
  }

  /**
   * Computes the items after the change. Has no side effects but on {@code itemIds}, so that it can
   * be repeated on a newer state.
   *
   * @param current the items; empty if the product has no media
   * @param itemIds supplies ids that were never assigned before
   * @throws ProblemException if the change does not fit the items
   */
  ChangeResult<List<MediaItem>> applyTo(Optional<List<MediaItem>> current, LongSupplier itemIds);

  /**
   * Does the same as {@link #applyTo} with a stored document.
   *
   * @throws ProblemException if the change does not fit the items
   */
  default ChangeResult<List<MediaItem>> applyToStored(
      Optional<ProductMedia> current, LongSupplier itemIds) {
    return applyTo(current.map(ProductMedia::items), itemIds);
  }

  /**
   * Does the same as {@link #applyTo} with a stored document, and returns the item array to store.
   *
   * @throws ProblemException if the change does not fit the items
   */
  default ChangeResult<Buffer> applyAndEncode(
      Optional<ProductMedia> current, LongSupplier itemIds) {
    return applyToStored(current, itemIds).map(ItemsJson::encode);
  }

  /** The items that a change replaces; empty also if they are malformed. */
  private static Optional<List<MediaItem>> replaced(Optional<ProductMedia> current) {
    try {
      return current.map(ProductMedia::items);
    } catch (ProblemException malformed) {
      return Optional.empty();
    }
  }

  /** The items of a product that must have media. */
  private static List<MediaItem> required(ProductId productId, Optional<List<MediaItem>> current) {
    return current.orElseThrow(
        () -> Problem.PRODUCT_NOT_FOUND.because("Product %s has no media", productId));
  }

  /**
   * Replaces all items. An item with an id must exist already, and keeps the attributes that this
   * release does not know; one without gets a new id. If the items are the same apart from missing
   * ids, nothing changes.
   *
   * @param items {@link MediaItem#NEW} stands for an id to be assigned
   */
  record Replace(ProductId productId, List<MediaItem> items, Precondition precondition)
      implements Change {
    /** Copies the items. */
    public Replace {
      items = List.copyOf(items);
    }

    @Override
    public int newItems() {
      int count = 0;
      for (MediaItem item : items) {
        count += item.id() == MediaItem.NEW ? 1 : 0;
      }
      return count;
    }

    @Override
    public ChangeResult<List<MediaItem>> applyTo(
        Optional<List<MediaItem>> current, LongSupplier itemIds) {
      return ChangeResult.of(new ItemsEdit(current.orElse(List.of())).replacedBy(items, itemIds));
    }

    /**
     * Parses no more of the stored document than it has to: if no item is new, only the ids and
     * what is not known, and if all are new, everything up to the first difference.
     */
    @Override
    public ChangeResult<List<MediaItem>> applyToStored(
        Optional<ProductMedia> current, LongSupplier itemIds) {
      int newItems = newItems();
      if (current.isPresent() && newItems == 0) {
        return ChangeResult.of(ItemsEdit.replaced(current.get().unknownAttributes(), items));
      }
      boolean replacesAll =
          current.isPresent() && newItems == items.size() && !current.get().hasItems(items);
      return applyTo(replacesAll ? Optional.empty() : replaced(current), itemIds);
    }
  }

  /**
   * Replaces all items with those of an import. Ids are taken over, and an item without one gets a
   * new id. If the items are the same apart from missing ids, nothing changes.
   *
   * @param imported the items
   */
  record Import(ProductId productId, ImportedItems imported, Precondition precondition)
      implements Change {
    /** Serialises the items. */
    public Import(ProductId productId, List<MediaItem> items, Precondition precondition) {
      this(productId, ImportedItems.of(items), precondition);
    }

    /** The items, parsed. */
    public List<MediaItem> items() {
      return imported.items();
    }

    /** The highest id that the import brings, which must never be assigned; 0 if it brings none. */
    public long highestItemId() {
      return imported.highestId();
    }

    @Override
    public int newItems() {
      return imported.newItems();
    }

    @Override
    public ChangeResult<List<MediaItem>> applyTo(
        Optional<List<MediaItem>> current, LongSupplier itemIds) {
      return ChangeResult.of(new ItemsEdit(current.orElse(List.of())).importing(items(), itemIds));
    }

    /** Parses the stored document only if an item has no id and might be a stored one. */
    @Override
    public ChangeResult<Buffer> applyAndEncode(
        Optional<ProductMedia> current, LongSupplier itemIds) {
      return current.isPresent() && newItems() > 0
          ? applyTo(replaced(current), itemIds).map(ItemsJson::encode)
          : new ChangeResult<>(Optional.of(imported.withIds(itemIds)), OptionalLong.empty());
    }
  }

  /**
   * Adds one item. The product need not have media yet.
   *
   * @param position the 0-based position of the new item; empty for the end
   */
  record Add(ProductId productId, MediaItem item, OptionalInt position, Precondition precondition)
      implements Change {
    @Override
    public int newItems() {
      return 1;
    }

    @Override
    public ChangeResult<List<MediaItem>> applyTo(
        Optional<List<MediaItem>> current, LongSupplier itemIds) {
      ItemsEdit edit = new ItemsEdit(current.orElse(List.of()));
      int index = edit.checkedIndex(position);
      MediaItem added = item.withId(itemIds.getAsLong());
      return ChangeResult.of(edit.withAdded(index, added), added.id());
    }
  }

  /** Applies a merge patch to one item (RFC 7396). */
  record Update(ProductId productId, long itemId, ItemPatch patch, Precondition precondition)
      implements Change {
    @Override
    public ChangeResult<List<MediaItem>> applyTo(
        Optional<List<MediaItem>> current, LongSupplier itemIds) {
      ItemsEdit edit = new ItemsEdit(required(productId, current));
      return ChangeResult.of(edit.withUpdated(itemId, patch::appliedTo), itemId);
    }
  }

  /** Removes one item. */
  record Remove(ProductId productId, long itemId, Precondition precondition) implements Change {
    @Override
    public ChangeResult<List<MediaItem>> applyTo(
        Optional<List<MediaItem>> current, LongSupplier itemIds) {
      return ChangeResult.of(new ItemsEdit(required(productId, current)).without(itemId), itemId);
    }
  }

  /** Puts the items into another order. */
  record Order(ProductId productId, List<Long> order, Precondition precondition) implements Change {
    /** Copies the order. */
    public Order {
      order = List.copyOf(order);
    }

    @Override
    public ChangeResult<List<MediaItem>> applyTo(
        Optional<List<MediaItem>> current, LongSupplier itemIds) {
      return ChangeResult.of(new ItemsEdit(required(productId, current)).ordered(order));
    }
  }

  /** Deletes all media of the product. */
  record Delete(ProductId productId, Precondition precondition) implements Change {
    @Override
    public ChangeResult<List<MediaItem>> applyTo(
        Optional<List<MediaItem>> current, LongSupplier itemIds) {
      required(productId, current);
      return new ChangeResult<>(Optional.empty(), OptionalLong.empty());
    }

    @Override
    public ChangeResult<List<MediaItem>> applyToStored(
        Optional<ProductMedia> current, LongSupplier itemIds) {
      return applyTo(current.map(media -> List.<MediaItem>of()), itemIds);
    }
  }

  /**
   * Writes pictures and videos by slot, as the first service did. Slots are counted in the state
   * before the change. An item goes with its URL. An empty slot that was not in use is ignored.
   *
   * @param all whether slots that are not given are cleared (its POST) or keep what they hold (its
   *     PUT)
   * @param images URLs by slot, from 1; an empty one removes the item
   * @param videos URLs by slot, from 1; an empty one removes the item
   */
  record Slots(
      ProductId productId,
      boolean all,
      Map<Integer, String> images,
      Map<Integer, String> videos,
      Precondition precondition)
      implements Change {
    /** Copies the slots. */
    public Slots {
      images = Map.copyOf(images);
      videos = Map.copyOf(videos);
    }

    /** The items of all slots, pictures first, without ids. */
    public List<MediaItem> items() {
      return new SlotsEdit(images, videos).items();
    }

    @Override
    public int newItems() {
      return images.size() + videos.size();
    }

    @Override
    public ChangeResult<List<MediaItem>> applyTo(
        Optional<List<MediaItem>> current, LongSupplier itemIds) {
      SlotsEdit slots = new SlotsEdit(images, videos);
      return ChangeResult.of(
          all
              ? slots.replacing(current.orElse(List.of()), itemIds)
              : slots.appliedTo(required(productId, current), itemIds));
    }

    @Override
    public ChangeResult<List<MediaItem>> applyToStored(
        Optional<ProductMedia> current, LongSupplier itemIds) {
      return applyTo(all ? replaced(current) : current.map(ProductMedia::items), itemIds);
    }
  }
}
