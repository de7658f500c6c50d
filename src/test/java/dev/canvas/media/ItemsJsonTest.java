package dev.canvas.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemsJsonTest {

  @Test
  void decodingReversesEncoding() {
    List<MediaItem> items =
        List.of(
            new MediaItem(
                ProductId.MAX,
                MediaItem.Type.VIDEO,
                "https://a.example/ä.webm?a=1&b=\"2\"",
                "On foot 👟 \"quoted\" \\ /",
                false,
                1,
                MediaRules.MAX_PIXELS,
                "/p.jpg",
                "video/webm",
                new MediaItem.Focal(1.0E-7, 1),
                "#eee",
                List.of("red", "größer")),
            new MediaItem(
                1,
                MediaItem.Type.IMAGE,
                "/a.jpg",
                "",
                true,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of()),
            MediaItem.file(MediaItem.Type.IMAGE, "/b.jpg").withId(2));
    assertEquals(items, ItemsJson.decode(ItemsJson.encode(items)));
    assertEquals("[]", ItemsJson.encode(List.of()).toString());
    assertEquals(List.of(), ItemsJson.decode(Buffer.buffer("[]")));
  }

  @Test
  void itemsAreComparedWithoutIdsUpToTheFirstDifference() {
    MediaItem a = MediaItem.file(MediaItem.Type.IMAGE, "/a.jpg");
    MediaItem b = MediaItem.file(MediaItem.Type.IMAGE, "/b.jpg");
    assertTrue(stored("[]").hasItems(List.of()));
    assertFalse(stored("[]").hasItems(List.of(a)));
    String one = "{ \"url\": \"/a.jpg\", \"id\": 5, \"type\": \"image\" }";
    assertTrue(stored("[" + one + "]").hasItems(List.of(a)));
    assertFalse(stored("[" + one + "]").hasItems(List.of(b)));
    assertFalse(stored("[" + one + "]").hasItems(List.of(a, b)));
    assertFalse(stored("[" + one + "," + one + "]").hasItems(List.of(a)));
    assertFalse(stored("[" + one + ",no JSON").hasItems(List.of(b)));
  }

  @Test
  void aDocumentHoldsTheArrayItWasBuiltFrom() {
    Buffer array = Buffer.buffer("[{\"id\":1}]");
    ProductMedia media = ProductMedia.splice(new ProductId(12), 345, array);
    assertTrue(media.holds(array.copy()));
    assertFalse(media.holds(Buffer.buffer("[{\"id\":2}]")));
    assertFalse(media.holds(Buffer.buffer("[{\"id\":1},{\"id\":2}]")));
    assertFalse(media.holds(Buffer.buffer("[]")));
  }

  private static ProductMedia stored(String array) {
    return ProductMedia.splice(new ProductId(1), 1, Buffer.buffer(array));
  }

  @Test
  void theSampleDocumentsKeepTheirBytes() throws IOException {
    int products = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                getClass().getResourceAsStream("/seed/media.ndjson"), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Buffer stored = new JsonObject(line).getJsonArray("media").toBuffer();
        assertTrue(line.contains(stored.toString()));
        assertEquals(stored.toString(), ItemsJson.encode(ItemsJson.decode(stored)).toString());
        products++;
      }
    }
    assertEquals(12, products);
  }

  @Test
  void whatThisReleaseDoesNotUnderstandIsKept() {
    String stored =
        " [ {\"url\":\"/a.jpg\",\"colour\":{\"deep\":[1]},\"type\":\"image\",\"width\":\"8\",\"id\":3},{\"id\":4,\"type\":\"model\",\"url\":\"/a.glb\",\"scale\":1e2}"
            + " ]";
    List<MediaItem> items = ItemsJson.decode(Buffer.buffer(stored));
    assertEquals(MediaItem.Type.IMAGE, items.get(0).type());
    assertEquals(
        new JsonArray(stored), new JsonArray(ItemsJson.encode(items)), () -> items.toString());

    // By a patch of one, by another item, by another order and by the first service's PUT.
    MediaItem patched = new ItemPatch("{\"alt\":\"x\",\"width\":9}").appliedTo(items.get(0));
    assertEquals(Map.of("colour", "{\"deep\":[1]}"), patched.others());
    assertEquals(9, patched.width());
    ProductMedia media = ProductMedia.splice(new ProductId(1), 1, Buffer.buffer(stored));
    for (Change change :
        List.of(
            new Change.Add(
                media.productId(),
                MediaItem.file(MediaItem.Type.VIDEO, "/v"),
                OptionalInt.empty(),
                Precondition.NONE),
            new Change.Order(media.productId(), List.of(4L, 3L), Precondition.NONE),
            new Change.Slots(
                media.productId(), false, Map.of(1, "/b.jpg"), Map.of(), Precondition.NONE))) {
      String after =
          change.applyAndEncode(Optional.of(media), () -> 9).items().orElseThrow().toString();
      assertTrue(after.contains("\"colour\":{\"deep\":[1]}"), after);
      assertTrue(after.contains("\"type\":\"model\""), after);
      assertTrue(after.contains("\"scale\":100"), after);
    }
  }

  @Test
  void aReplacementKeepsTheAttributesThatThisReleaseDoesNotKnow() {
    ProductMedia media =
        stored(
            "[{\"id\":3,\"type\":\"image\",\"url\":\"/a.jpg\",\"alt\":\"A\",\"colour\":{\"deep\":[1]}},"
                + "{\"id\":4,\"type\":\"image\",\"url\":\"/b.jpg\",\"width\":\"8\",\"scale\":2}]");
    MediaItem a = MediaItem.file(MediaItem.Type.IMAGE, "/a.jpg");
    MediaItem b = MediaItem.file(MediaItem.Type.IMAGE, "/b.jpg");
    MediaItem c = MediaItem.file(MediaItem.Type.IMAGE, "/c.jpg");

    // By the id, wherever the item is then, and with the file that the replacement names.
    assertEquals(
        "[{\"id\":4,\"type\":\"image\",\"url\":\"/c.jpg\",\"scale\":2},"
            + "{\"id\":3,\"type\":\"image\",\"url\":\"/a.jpg\",\"colour\":{\"deep\":[1]}}]",
        after(media, replace(c.withId(4), a.withId(3))));
    assertEquals(
        "[{\"id\":9,\"type\":\"image\",\"url\":\"/c.jpg\"},"
            + "{\"id\":4,\"type\":\"image\",\"url\":\"/b.jpg\",\"scale\":2}]",
        after(media, replace(c, b.withId(4))));
    // Without ids they are other items, unless the list is what is there already.
    assertEquals("[{\"id\":9,\"type\":\"image\",\"url\":\"/b.jpg\"}]", after(media, replace(b)));
    ProductMedia understood =
        stored("[{\"id\":3,\"type\":\"image\",\"url\":\"/a.jpg\",\"colour\":{\"deep\":[1]}}]");
    assertTrue(understood.holds(Buffer.buffer(after(understood, replace(a)))));
    // The first service's POST and PUT name no ids: an item is known by its URL.
    assertEquals(
        "[{\"id\":4,\"type\":\"image\",\"url\":\"/b.jpg\",\"width\":\"8\",\"scale\":2},"
            + "{\"id\":9,\"type\":\"image\",\"url\":\"/c.jpg\"}]",
        after(media, slots(true, Map.of(1, "/b.jpg", 2, "/c.jpg"))));
    assertEquals(
        "[{\"id\":4,\"type\":\"image\",\"url\":\"/b.jpg\",\"width\":\"8\",\"scale\":2},"
            + "{\"id\":3,\"type\":\"image\",\"url\":\"/a.jpg\",\"alt\":\"A\",\"colour\":{\"deep\":[1]}}]",
        after(media, slots(false, Map.of(1, "/b.jpg", 2, "/a.jpg"))));
    String other = after(media, slots(false, Map.of(2, "/c.jpg")));
    assertTrue(
        other.endsWith("{\"id\":4,\"type\":\"image\",\"url\":\"/c.jpg\",\"scale\":2}]"), other);
  }

  private static Change replace(MediaItem... items) {
    return new Change.Replace(new ProductId(1), List.of(items), Precondition.NONE);
  }

  private static Change slots(boolean all, Map<Integer, String> images) {
    return new Change.Slots(new ProductId(1), all, images, Map.of(), Precondition.NONE);
  }

  private static String after(ProductMedia media, Change change) {
    return change.applyAndEncode(Optional.of(media), () -> 9).items().orElseThrow().toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "null", "7", "[", "[7]", "[{\"url\":\"/a\"}]", "[{\"type\":null}]"})
  void aStoredValueThatIsNotAnItemArrayIsAnError(String stored) {
    assertThrows(IllegalStateException.class, () -> ItemsJson.decode(Buffer.buffer(stored)));
  }
}
