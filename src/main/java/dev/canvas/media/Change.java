package dev.canvas.media;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * One change of one product's media, valid in itself: what is wrong with it whatever the product
 * holds has been refused by whoever made it. Immutable; crosses the bus.
 */
public sealed interface Change {

  /** Whose media. */
  ProductId productId();

  /** What has to hold of the product for the change to be made. */
  Precondition precondition();

  /** The most items that may need an id of their own. */
  default int newItems() {
    return 0;
  }

  /**
   * What the product's items become. Has no effect of its own, so that it may be tried again on a
   * newer state.
   *
   * @param current the items; empty where the product has no media
   * @param itemIds gives ids that were never given before
   * @throws ProblemException where the change does not suit the items
   */
  Edit applyTo(Optional<List<MediaItem>> current, LongSupplier itemIds);

  /**
   * The same, of a product as it is stored.
   *
   * @throws ProblemException where the change does not suit the items
   */
  default Edit applyToStored(Optional<ProductMedia> current, LongSupplier itemIds) {
    return applyTo(current.map(ProductMedia::items), itemIds);
  }

  /**
   * What is to be stored. Immutable.
   *
   * @param items the item array; empty where the product has no media then
   * @param itemId the one item that the change was about, if it was about one
   */
  record Array(Optional<Buffer> items, OptionalLong itemId) {}

  /**
   * The same as it is to be stored.
   *
   * @throws ProblemException where the change does not suit the items
   */
  default Array arrayOn(Optional<ProductMedia> current, LongSupplier itemIds) {
    Edit edit = applyToStored(current, itemIds);
    return new Array(edit.items().map(ItemsJson::encode), edit.itemId());
  }

  /** The items of a product that has to have some for a change to be one of them. */
  private static List<MediaItem> required(ProductId productId, Optional<List<MediaItem>> current) {
    return current.orElseThrow(
        () -> Problem.PRODUCT_NOT_FOUND.because("Product %s has no media", productId));
  }

  /**
   * All items anew. An item with an id has to be there already; one without takes a new id. A
   * change that says the same as the product, ids left out or not, changes nothing.
   *
   * @param items id {@link MediaItem#NEW} is one to be assigned
   */
  record Replace(ProductId productId, List<MediaItem> items, Precondition precondition)
      implements Change {
    /** Copies the items. */
    public Replace {
      items = List.copyOf(items);
    }

    @Override
    public int newItems() {
      return (int) items.stream().filter(item -> item.id() == MediaItem.NEW).count();
    }

    @Override
    public Edit applyTo(Optional<List<MediaItem>> current, LongSupplier itemIds) {
      return Edit.to(new ItemsEdit(current.orElse(List.of())).replacedBy(items, itemIds));
    }

    /** What is stored is read up to its first difference only, where no item of it is named. */
    @Override
    public Edit applyToStored(Optional<ProductMedia> current, LongSupplier itemIds) {
      boolean anew =
          current.isPresent() && newItems() == items.size() && !current.get().saysTheSame(items);
      return anew
          ? applyTo(Optional.empty(), itemIds)
          : Change.super.applyToStored(current, itemIds);
    }
  }

  /**
   * All items anew, as another store had them: ids are taken as they come, and an item without one
   * is given one. What says the same as the product, ids left out or not, changes nothing.
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

    /** The highest id that comes with it, which is never to be given out; 0 where none does. */
    public long highestItemId() {
      return imported.highestId();
    }

    @Override
    public int newItems() {
      return imported.newItems();
    }

    @Override
    public Edit applyTo(Optional<List<MediaItem>> current, LongSupplier itemIds) {
      return Edit.to(new ItemsEdit(current.orElse(List.of())).importing(items(), itemIds));
    }

    /** What is stored is parsed only where the product has media and an item has no id. */
    @Override
    public Array arrayOn(Optional<ProductMedia> current, LongSupplier itemIds) {
      return current.isPresent() && newItems() > 0
          ? Change.super.arrayOn(current, itemIds)
          : new Array(Optional.of(imported.withIds(itemIds)), OptionalLong.empty());
    }
  }

  /**
   * One item more; the product need not have media yet.
   *
   * @param position where it goes, 0-based; empty for the end
   */
  record Add(ProductId productId, MediaItem item, OptionalInt position, Precondition precondition)
      implements Change {
    @Override
    public int newItems() {
      return 1;
    }

    @Override
    public Edit applyTo(Optional<List<MediaItem>> current, LongSupplier itemIds) {
      ItemsEdit edit = new ItemsEdit(current.orElse(List.of()));
      int place = edit.checkedPlace(position);
      MediaItem added = item.withId(itemIds.getAsLong());
      return Edit.of(edit.withAdded(place, added), added.id());
    }
  }

  /** A merge patch of one item (RFC 7396). */
  record Update(ProductId productId, long itemId, ItemPatch patch, Precondition precondition)
      implements Change {
    @Override
    public Edit applyTo(Optional<List<MediaItem>> current, LongSupplier itemIds) {
      ItemsEdit edit = new ItemsEdit(required(productId, current));
      return Edit.of(edit.withChanged(itemId, patch::appliedTo), itemId);
    }
  }

  /** One item less. */
  record Remove(ProductId productId, long itemId, Precondition precondition) implements Change {
    @Override
    public Edit applyTo(Optional<List<MediaItem>> current, LongSupplier itemIds) {
      return Edit.of(new ItemsEdit(required(productId, current)).without(itemId), itemId);
    }
  }

  /** The same items in another order. */
  record Order(ProductId productId, List<Long> order, Precondition precondition) implements Change {
    /** Copies the order. */
    public Order {
      order = List.copyOf(order);
    }

    @Override
    public Edit applyTo(Optional<List<MediaItem>> current, LongSupplier itemIds) {
      return Edit.to(new ItemsEdit(required(productId, current)).ordered(order));
    }
  }

  /** No media any more. */
  record Delete(ProductId productId, Precondition precondition) implements Change {
    @Override
    public Edit applyTo(Optional<List<MediaItem>> current, LongSupplier itemIds) {
      required(productId, current);
      return Edit.NOTHING_LEFT;
    }
  }

  /**
   * The first service's write: pictures and videos by their places. A place is counted as the
   * product is before the change; one that is left empty and was never taken is passed by.
   *
   * @param all whether the places are all there are (its POST), or only those that change (its PUT)
   * @param images URLs by place, from 1; an empty one removes
   * @param videos URLs by place, from 1; an empty one removes
   */
  record Slots(
      ProductId productId,
      boolean all,
      Map<Integer, String> images,
      Map<Integer, String> videos,
      Precondition precondition)
      implements Change {
    /** Copies the places. */
    public Slots {
      images = Map.copyOf(images);
      videos = Map.copyOf(videos);
    }

    @Override
    public int newItems() {
      return images.size() + videos.size();
    }

    @Override
    public Edit applyTo(Optional<List<MediaItem>> current, LongSupplier itemIds) {
      SlotsEdit slots = new SlotsEdit(images, videos);
      return Edit.to(
          all
              ? new ItemsEdit(current.orElse(List.of())).replacedBy(slots.items(), itemIds)
              : slots.appliedTo(required(productId, current), itemIds));
    }
  }
}
