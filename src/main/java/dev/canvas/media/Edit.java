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
public record Edit(Optional<List<MediaItem>> items, OptionalLong itemId) {}
