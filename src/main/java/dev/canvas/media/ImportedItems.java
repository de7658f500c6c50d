package dev.canvas.media;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The items of an import as the bytes that are stored, made when they were read: what waits to be
 * written is small then, and is serialised once. Immutable as long as nobody writes to {@link
 * #array()}.
 */
public final class ImportedItems {

  private final Buffer array;

  /** Where in the array an item begins that has no id yet. */
  private final int[] gaps;

  private final long highestId;

  private ImportedItems(Buffer array, int[] gaps, long highestId) {
    this.array = array;
    this.gaps = gaps;
    this.highestId = highestId;
  }

  /**
   * Serialises items.
   *
   * @param items each id once; {@link MediaItem#NEW} is one to be assigned
   */
  public static ImportedItems of(List<MediaItem> items) {
    List<Integer> gaps = new ArrayList<>();
    Buffer array = ItemsJson.encode(items, gaps::add);
    long highestId = 0;
    for (MediaItem item : items) {
      highestId = Math.max(highestId, item.id());
    }
    return new ImportedItems(array, gaps.stream().mapToInt(Integer::intValue).toArray(), highestId);
  }

  /** The bytes of the item array, without the ids that are to be assigned. */
  public Buffer array() {
    return array;
  }

  /** The items, parsed. */
  public List<MediaItem> items() {
    return ItemsJson.decode(array);
  }

  /** How many have no id yet. */
  int newItems() {
    return gaps.length;
  }

  /** The highest id that comes with them; 0 where none does. */
  long highestId() {
    return highestId;
  }

  /** The bytes of the item array, each item with an id. */
  Buffer withIds(LongSupplier itemIds) {
    if (gaps.length == 0) {
      return array;
    }
    byte[] bytes = array.getBytes();
    Buffer whole = Buffer.buffer(bytes.length + gaps.length * 16);
    int from = 0;
    for (int gap : gaps) {
      whole.appendBytes(bytes, from, gap - from);
      whole.appendBytes(
          ("\"id\":" + itemIds.getAsLong() + ",").getBytes(StandardCharsets.US_ASCII));
      from = gap;
    }
    return whole.appendBytes(bytes, from, bytes.length - from);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImportedItems imported && array.equals(imported.array);
  }

  @Override
  public int hashCode() {
    return array.hashCode();
  }

  @Override
  public String toString() {
    return array.toString();
  }
}
