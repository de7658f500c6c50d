package dev.canvas.seed.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaRules;
import dev.canvas.media.ProductId;
import dev.canvas.media.ProductReader;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The item arrays of generated products. */
class GeneratedItemsTest {

  private final SampleCatalogue samples = SampleCatalogue.read();
  private final ProductReader reader = new ProductReader(new MediaRules(false));

  @Test
  void aProductHasSevenImagesAndTwoVideosUnderUniqueUrls() {
    GeneratedItems items = new GeneratedItems(samples, 1);
    Set<String> urls = new HashSet<>();
    for (long id = 1; id <= 500; id++) {
      List<MediaItem> read = read(items, id);
      assertEquals(9, read.size());
      assertEquals(2, read.stream().filter(i -> i.type() == MediaItem.Type.VIDEO).count());
      for (MediaItem item : read) {
        assertTrue(urls.add(item.url()), item.url());
        assertTrue(item.alt().length() > 5 && item.width() > 0 && item.height() > 0);
      }
    }
  }

  @Test
  void theRandomSeedDeterminesTheItems() {
    assertArrayEquals(
        bytes(new GeneratedItems(samples, 7), 42), bytes(new GeneratedItems(samples, 7), 42));
    assertFalse(
        Arrays.equals(
            bytes(new GeneratedItems(samples, 7), 42), bytes(new GeneratedItems(samples, 8), 42)));
  }

  @Test
  void theHighestProductIdFitsIntoTheBuffer() {
    assertEquals(9, read(new GeneratedItems(samples, 1), ProductId.MAX).size());
  }

  private List<MediaItem> read(GeneratedItems items, long id) {
    return reader.product(new ProductId(id), Buffer.buffer(bytes(items, id))).items();
  }

  private static byte[] bytes(GeneratedItems items, long id) {
    byte[] buffer = new byte[items.maxLength()];
    return Arrays.copyOf(buffer, items.write(id, buffer));
  }
}
