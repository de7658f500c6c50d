package dev.canvas.media;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a {@link Change} makes of a product's items. Immutable.
 *
 * @param items the items afterwards; empty where the product has no media then
 * @param itemId the one item that the change was about, if it was about one
 */
public record Edit(Optional<List<MediaItem>> items, OptionalLong itemId) {

  /** The product has no media any more. */
  static final Edit NOTHING_LEFT = new Edit(Optional.empty(), OptionalLong.empty());

  /** Copies the items. */
  public Edit {
    items = items.map(List::copyOf);
  }

  /** A change of the whole. */
  static Edit to(List<MediaItem> items) {
    return new Edit(Optional.of(items), OptionalLong.empty());
  }

  /** A change of one item. */
  static Edit of(List<MediaItem> items, long itemId) {
    return new Edit(Optional.of(items), OptionalLong.of(itemId));
  }
}
