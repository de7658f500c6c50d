package dev.canvas.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ImportedItemsTest {

  private static final ProductId ID = new ProductId(42);

  private final AtomicLong ids = new AtomicLong(1_000);

  @Test
  void missingIdsAreInsertedIntoTheBytes() {
    List<MediaItem> items = List.of(item(0, "/ä.webp"), item(7, "/2.webp"), item(0, "/3.webp"));
    ImportedItems imported = ImportedItems.of(items);
    assertEquals(2, imported.newItems());
    assertEquals(7, imported.highestId());
    assertEquals(items, imported.items());
    assertEquals(numbered(items, 1_000), imported.withIds(ids::getAndIncrement));
  }

  @Test
  void theBytesStayTheSameIfAllItemsHaveIds() {
    ImportedItems imported = ImportedItems.of(List.of(item(5, "/1.webp"), item(7, "/2.webp")));
    assertEquals(0, imported.newItems());
    assertSame(imported.array(), imported.withIds(ids::getAndIncrement));
    assertEquals(Buffer.buffer("[]"), ImportedItems.of(List.of()).withIds(ids::getAndIncrement));
  }

  /** The serialiser flushes its buffer after some thousand bytes. */
  @Test
  void offsetsAreRightBeyondTheBufferOfTheSerialiser() {
    List<MediaItem> items = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      items.add(item(i % 3 == 0 ? i + 1 : 0, "/" + "é".repeat(40 * i) + ".webp"));
    }
    assertEquals(numbered(items, 1_000), ImportedItems.of(items).withIds(ids::getAndIncrement));
  }

  @Test
  void encodingInOneStepStoresTheSameAsApplyingFirst() {
    List<MediaItem> stored = List.of(item(5, "/1.webp"), item(1_007, "/2.webp"));
    for (List<MediaItem> items :
        List.of(
            stored,
            List.of(item(0, "/1.webp"), item(1_007, "/2.webp")),
            List.of(item(0, "/1.webp"), item(0, "/9.webp")),
            List.of(item(5, "/1.webp"), item(6, "/2.webp")),
            List.<MediaItem>of())) {
      Change.Import change = new Change.Import(ID, items, Precondition.NONE);
      for (Optional<ProductMedia> current :
          List.of(
              Optional.<ProductMedia>empty(),
              Optional.of(ProductMedia.splice(ID, 3, ItemsJson.encode(stored))))) {
        AtomicLong others = new AtomicLong(1_000);
        assertEquals(
            change
                .applyTo(current.map(ProductMedia::items), others::getAndIncrement)
                .items()
                .map(ItemsJson::encode),
            change.applyAndEncode(current, new AtomicLong(1_000)::getAndIncrement).items(),
            items + " on " + current);
      }
    }
  }

  private static Buffer numbered(List<MediaItem> items, long first) {
    AtomicLong next = new AtomicLong(first);
    return ItemsJson.encode(
        items.stream()
            .map(each -> each.id() == MediaItem.NEW ? each.withId(next.getAndIncrement()) : each)
            .toList());
  }

  private static MediaItem item(long id, String url) {
    return MediaItem.file(MediaItem.Type.IMAGE, url).withId(id);
  }
}
