package dev.canvas.media;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The items of an import, kept as the bytes that will be stored. They are serialised once, when
 * they are read, so that a write that waits takes little memory. Immutable as long as nobody writes
 * to {@link #array()}.
 */
public final class ImportedItems {

  private final Buffer array;

  /** The offsets in the array at which the attributes of items without an id begin. */
  private final int[] idOffsets;

  private final long highestId;

  private ImportedItems(Buffer array, int[] idOffsets, long highestId) {
    this.array = array;
    this.idOffsets = idOffsets;
    this.highestId = highestId;
  }

  /**
   * Serialises items.
   *
   * @param items with unique ids; {@link MediaItem#NEW} stands for an id to be assigned
   */
  public static ImportedItems of(List<MediaItem> items) {
    List<Integer> offsets = new ArrayList<>();
    Buffer array = ItemsJson.encode(items, offsets::add);
    long highestId = 0;
    for (MediaItem item : items) {
      highestId = Math.max(highestId, item.id());
    }
    return new ImportedItems(
        array, offsets.stream().mapToInt(Integer::intValue).toArray(), highestId);
  }

  /** The bytes of the item array. Items whose id is to be assigned have none. */
  public Buffer array() {
    return array;
  }

  /** The items, parsed from the bytes. */
  public List<MediaItem> items() {
    return ItemsJson.decode(array);
  }

  /** The number of items whose id is to be assigned. */
  int newItems() {
    return idOffsets.length;
  }

  /** The highest id that the import brings; 0 if it brings none. */
  long highestId() {
    return highestId;
  }

  /** The bytes of the item array, with an id for each item. */
  Buffer withIds(LongSupplier itemIds) {
    if (idOffsets.length == 0) {
      return array;
    }
    byte[] bytes = array.getBytes();
    Buffer whole = Buffer.buffer(bytes.length + idOffsets.length * 16);
    int from = 0;
    for (int offset : idOffsets) {
      whole.appendBytes(bytes, from, offset - from);
      whole.appendBytes(
          ("\"id\":" + itemIds.getAsLong() + ",").getBytes(StandardCharsets.US_ASCII));
      from = offset;
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
