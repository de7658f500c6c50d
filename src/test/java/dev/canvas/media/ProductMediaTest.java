package dev.canvas.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductMediaTest {

  private static final String ITEMS =
      "[{\"id\":1,\"type\":\"image\",\"url\":\"https://a.example/ä.jpg\",\"alt\":\"Left \\\"side\\\"\","
          + "\"width\":800,\"height\":1200,\"focal\":{\"x\":0.5,\"y\":0.25},\"variants\":[\"red\"]},"
          + "{\"id\":2,\"type\":\"video\",\"url\":\"/v.webm\",\"decorative\":true,"
          + "\"poster\":\"/p.jpg\",\"mime\":\"video/webm\",\"placeholder\":\"#eee\"}]";

  @Test
  void buildsTheDocumentAroundTheStoredBytes() {
    ProductMedia media =
        ProductMedia.splice(new ProductId(42), 1_795_380_000_000_123L, Buffer.buffer(ITEMS));
    assertEquals(
        "{\"product_id\":42,\"version\":1795380000000123,\"media\":" + ITEMS + "}",
        media.document().toString());
  }

  @Test
  void decodedItemsAreEncodedToTheSameBytes() {
    List<MediaItem> items = ProductMedia.splice(new ProductId(1), 1, Buffer.buffer(ITEMS)).items();
    assertEquals(List.of(1L, 2L), items.stream().map(MediaItem::id).toList());
    assertEquals(ITEMS, ItemsJson.encode(items).toString());
  }
}
