package dev.canvas.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProductReaderTest {

  private static final String ITEM = "{\"type\":\"image\",\"url\":\"/1.webp\"}";

  private final ProductReader reader = new ProductReader(new MediaRules(false));

  @Test
  void aLineMayBeAnExportedDocument() {
    Change.Import change =
        read(
            "{\"product_id\":0,\"version\":7,\"media\":[" + withId(5) + "," + withId(1_002) + "]}");
    assertEquals(new ProductId(0), change.productId());
    assertEquals(Precondition.NONE, change.precondition());
    assertEquals(List.of(5L, 1_002L), change.items().stream().map(MediaItem::id).toList());
    assertEquals(1_002, change.highestItemId());
    assertEquals(0, change.newItems());
  }

  @Test
  void anItemMayHaveNoId() {
    Change.Import change = read("{\"media\":[" + ITEM + "],\"product_id\":42}");
    assertEquals(1, change.newItems());
    assertEquals(0, change.highestItemId());
  }

  @Test
  void aConditionIsAVersionOrZeroForNoMedia() {
    String line = "{\"product_id\":42,\"media\":[],\"if_version\":%d}";
    assertEquals(Precondition.version(Set.of(7L)), read(line.formatted(7)).precondition());
    assertEquals(Precondition.ABSENT, read(line.formatted(0)).precondition());
  }

  @Test
  void allFaultsAreReportedTogetherWithTheProductIfItIsKnown() {
    ProblemException problem =
        refused(
            "{\"product_id\":42,\"media\":["
                + withId(5)
                + ","
                + withId(5)
                + ",{\"type\":\"film\"}],\"if_version\":-1,\"colour\":1}");
    assertEquals(Problem.INVALID_MEDIA, problem.problem());
    assertEquals(42L, problem.toJson().getValue("product_id"));
    String errors = problem.toJson().getJsonArray("errors").encode();
    for (String pointer :
        new String[] {"/media/1/id", "/media/2/type", "/media/2/url", "/if_version", "/colour"}) {
      assertTrue(errors.contains("\"" + pointer + "\""), errors);
    }
  }

  @Test
  void aNumberThatMayBeZeroIsExpectedFromZero() {
    String told = refused("{\"product_id\":-1,\"media\":[],\"if_version\":\"7\"}").getMessage();
    assertTrue(told.contains("'/product_id': expected a whole number from 0 to "), told);
  }

  @Test
  void anInvalidLineIsRefused() {
    for (String line :
        new String[] {
          "{}",
          "[1]",
          "{\"product_id\":1}",
          "{\"media\":[]}",
          "{\"product_id\":-1,\"media\":[]}",
          "{\"product_id\":1.5,\"media\":[]}",
          "{\"product_id\":\"1\",\"media\":[]}",
          "{\"product_id\":9007199254740992,\"media\":[]}",
          "{\"product_id\":1,\"media\":null}",
          "{\"product_id\":1,\"media\":{}}",
          "{\"product_id\":1,\"media\":[],\"if_version\":null}",
          "{\"product_id\":1,\"media\":[{\"id\":1125899906842625,\"type\":\"image\",\"url\":\"/a\"}]}",
        }) {
      assertEquals(Problem.INVALID_MEDIA, refused(line).problem(), line);
    }
    for (String line :
        new String[] {
          "x", "{\"product_id\":1,\"media\":[]} {}", "{\"product_id\":1,\"media\":[],\"media\":[]}"
        }) {
      assertEquals(Problem.MALFORMED_REQUEST, refused(line).problem(), line);
    }
  }

  @Test
  void anImportTakesOverIdsAndAssignsTheOthers() {
    Change.Import change = read("{\"product_id\":42,\"media\":[" + ITEM + "," + withId(7) + "]}");
    ChangeResult<List<MediaItem>> edit = change.applyTo(Optional.empty(), () -> 1_000);
    List<MediaItem> items = edit.items().orElseThrow();
    assertEquals(List.of(1_000L, 7L), items.stream().map(MediaItem::id).toList());
    // Repeated, it changes nothing.
    ChangeResult<List<MediaItem>> again =
        change.applyTo(
            Optional.of(items),
            () -> {
              throw new AssertionError("no id is needed");
            });
    assertEquals(edit.items(), again.items());
  }

  private static String withId(long id) {
    return "{\"id\":" + id + ",\"type\":\"image\",\"url\":\"/1.webp\"}";
  }

  private Change.Import read(String line) {
    return reader.change(Buffer.buffer(line));
  }

  private ProblemException refused(String line) {
    return assertThrows(ProblemException.class, () -> read(line), line);
  }
}
