package dev.canvas.media;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What a {@link Change} makes of a product's items. Immutable.
 *
 * @param <T> the form of the items: a list, or the bytes of the stored array
 * @param items the items after the change; empty if the product has no media then
 * @param itemId the one item that was added, updated or removed, if the change is about one
 */
public record ChangeResult<T>(Optional<T> items, OptionalLong itemId) {

  static ChangeResult<List<MediaItem>> of(List<MediaItem> items) {
    return new ChangeResult<>(Optional.of(List.copyOf(items)), OptionalLong.empty());
  }

  static ChangeResult<List<MediaItem>> of(List<MediaItem> items, long itemId) {
    return new ChangeResult<>(Optional.of(List.copyOf(items)), OptionalLong.of(itemId));
  }

  <R> ChangeResult<R> map(Function<T, R> form) {
    return new ChangeResult<>(items.map(form), itemId);
  }
}
