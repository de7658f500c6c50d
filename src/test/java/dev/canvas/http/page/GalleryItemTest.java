package dev.canvas.http.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.canvas.http.Media;
import dev.canvas.media.ItemsJson;
import dev.canvas.media.MediaItem;
import dev.canvas.media.MediaRules;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class GalleryItemTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://cdn.example/a.webp?w=960&h=1200#top",
        "HTTPS://CDN.EXAMPLE/A.WEBP",
        "http://cdn.example/a.webp",
        "/samples/a.webp",
        "/",
        "/a//b"
      })
  void absoluteAddressesAndPathsAreLoaded(String url) {
    assertEquals(url, item("url", url).orElseThrow().url());
    assertEquals(url, item("poster", url).orElseThrow().poster());
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "a.webp",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:image/svg+xml,<svg/>",
        "//evil.example/a.webp",
        "/\\evil.example/a.webp",
        "\\\\evil.example/a.webp",
        "/\t/evil.example/a.webp",
        "/\n/evil.example/a.webp",
        " https://evil.example/a.webp",
        "https:evil.example",
        "https://",
        "https:///evil.example",
        "ftp://cdn.example/a.webp",
        "blob:https://cdn.example/1",
        "https://cdn.example/a b",
        "https://cdn.example/\u0000"
      })
  void otherAddressesAreNotLoaded(String url) {
    assertTrue(item("url", url).isEmpty());
    assertNull(item("poster", url).orElseThrow().poster());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"#abc", "#DEDAD4", "#dedad4ff", "rebeccapurple", "rgb(216 211 205 / 50%)"})
  void coloursAreKept(String colour) {
    assertEquals(colour, item("placeholder", colour).orElseThrow().placeholder());
  }

  @ParameterizedTest
  @ValueSource(strings = {"url(https://evil.example)", "#ggg", "", "red;x", "var(--paper)"})
  void otherPlaceholdersAreDropped(String colour) {
    assertNull(item("placeholder", colour).orElseThrow().placeholder());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://cdn.example/a.webp", "HTTP://cdn.example/a.webp"})
  void httpAddressesAreReplacedByTheirTextIfNotAllowed(String url) {
    MediaRules rules = new MediaRules(false);
    GalleryItem item = item("url", url, rules).orElseThrow();
    assertNull(item.url());
    assertEquals("A picture", item.alt());
    assertNull(item("poster", url, rules).orElseThrow().poster());
  }

  private static Optional<GalleryItem> item(String key, String value) {
    return item(key, value, new MediaRules(true));
  }

  private static Optional<GalleryItem> item(String key, String value, MediaRules rules) {
    JsonObject item = Media.picture(1, "/fine").put(key, value);
    MediaItem only = ItemsJson.decode(new JsonArray().add(item).toBuffer()).get(0);
    return GalleryItem.of(only, "A picture", rules);
  }
}
